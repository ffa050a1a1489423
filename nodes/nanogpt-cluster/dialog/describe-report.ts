import type { EditedNode } from '../../shared/editor/red.js';

/** A Node-RED or a worker that is alive in the cluster. */
export interface InstanceReport {
  name: string;
  version: string;
  role: 'both' | 'ask' | 'work';
  /** Names of its accounts in the cluster. */
  accounts: string[];
}

/** What was found in Redis. */
export interface ClusterReport {
  /** `Redis`, or what else speaks its language. */
  server: string;
  version: string;
  isSupported: boolean;
  isReplica: boolean;
  isClusterMode: boolean;
  /** What Redis does when its memory is full (`maxmemory-policy`). */
  eviction: string;
  persistence: 'always' | 'everysec' | 'snapshots' | 'none' | 'unknown';
  instances: InstanceReport[];
  /** How many speak under another secret. */
  strangers: number;
  milliseconds: number;
}

/** A line of what was found. */
export interface Finding {
  kind: 'good' | 'risk' | 'bad' | 'running';
  text: string;
}

/** What was found, one whole sentence for each thing. */
export function describeReport(node: EditedNode, report: ClusterReport): Finding[] {
  const { isReplica, isClusterMode, strangers } = report;
  return [
    describeServer(node, report),
    ...(isReplica ? [bad(node._('check.replica'))] : []),
    ...(isClusterMode ? [bad(node._('check.clusterMode'))] : []),
    describeEviction(node, report),
    describePersistence(node, report),
    ...describeInstances(node, report),
    ...(strangers > 0 ? [bad(node._('check.strangers', { strangers }))] : []),
  ];
}

function describeServer(node: EditedNode, { server, version, isSupported, milliseconds }: ClusterReport): Finding {
  return isSupported
    ? good(node._('check.server', { server, version, milliseconds }))
    : bad(node._('check.tooOld', { server, version }));
}

function describeEviction(node: EditedNode, { eviction }: ClusterReport): Finding {
  return eviction === 'noeviction' ? good(node._('check.noeviction')) : bad(node._('check.evicts', { eviction }));
}

function describePersistence(node: EditedNode, { persistence }: ClusterReport): Finding {
  const text = node._(`check.persistence.${persistence}`);
  return persistence === 'always' || persistence === 'everysec' ? good(text) : risk(text);
}

/** One line each, and one more where nobody would work. */
function describeInstances(node: EditedNode, { instances }: ClusterReport): Finding[] {
  if (instances.length === 0) return [risk(node._('check.nobody'))];
  const lines = instances.map(({ name, version, role, accounts }) =>
    good(node._('check.instance', { name, version, role: node._(`role.${role}`), accounts: accounts.join(', ') })),
  );
  const versions = new Set(instances.map(({ version }) => version));
  return [
    ...lines,
    ...(versions.size > 1 ? [risk(node._('check.versions'))] : []),
    ...(instances.every(({ role }) => role === 'ask') ? [bad(node._('check.noWorker'))] : []),
  ];
}

function good(text: string): Finding {
  return { kind: 'good', text };
}

function risk(text: string): Finding {
  return { kind: 'risk', text };
}

function bad(text: string): Finding {
  return { kind: 'bad', text };
}

import type { EditedNode } from '../../shared/editor/red.js';
import { type SharedAccount, describeAccounts } from './describe-accounts.js';
import { type Finding, bad, good, risk } from '../../shared/editor/check-button.js';

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
  accounts: SharedAccount[];
  milliseconds: number;
}

/** What was found, one whole sentence for each thing. */
export function describeReport(node: EditedNode, report: ClusterReport): Finding[] {
  const { isReplica, isClusterMode, accounts } = report;
  return [
    describeServer(node, report),
    ...(isReplica ? [bad(node._('check.replica'))] : []),
    ...(isClusterMode ? [bad(node._('check.clusterMode'))] : []),
    describeEviction(node, report),
    describePersistence(node, report),
    ...describeAccounts(node, accounts),
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

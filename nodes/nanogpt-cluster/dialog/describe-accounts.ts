import { limitsText } from '../../shared/editor/limits-text.js';
import type { CommonLimits } from '../../shared/route-answers.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { choices } from '../config.js';
import { type Finding, bad, good, risk } from '../../shared/editor/check-button.js';

/** A Node-RED or a worker that shares an account. */
export interface LiveInstance {
  host: string;
  version: string;
  role: string;
  id: string;
}

/** An account in the cluster. */
export interface SharedAccount extends CommonLimits {
  name: string;
  service: string;
  instances: LiveInstance[];
  /** What this dialog has otherwise than those instances. */
  differences?: ({ what: 'secret' } | { what: 'timezone'; theirs: string; ours: string })[];
}

/** Who is alive in a cluster, and what holds there. */
export function describeAccounts(node: EditedNode, accounts: SharedAccount[]): Finding[] {
  if (accounts.length === 0) return [risk(node._('check.noInstance'))];
  const versions = new Set(accounts.flatMap(({ instances }) => instances.map(({ version }) => version)));
  return [
    ...accounts.flatMap((account) => describeAccount(node, account)),
    ...(versions.size > 1 ? [risk(node._('check.versions'))] : []),
  ];
}

function describeAccount(node: EditedNode, { name, instances, differences = [], ...limits }: SharedAccount): Finding[] {
  const lines = instances.map((instance) => {
    const role = choices.role.find((choice) => choice === instance.role);
    const { version, host } = instance;
    const values = { host: isAlone(instance, instances) ? host : `${host} (${instance.id.slice(0, 6)})`, version };
    return good(node._('check.instance', { ...values, name, role: role ? node._(`role.${role}`) : instance.role }));
  });
  return [
    good(node._('check.account', { name, limits: limitsText(node, limits) })),
    ...lines,
    ...differences.map((difference) => bad(node._(`check.other.${difference.what}`, { name, ...difference }))),
    ...(instances.every(({ role }) => role === 'ask') ? [bad(node._('check.noWorker', { name }))] : []),
  ];
}

function isAlone({ host }: LiveInstance, instances: LiveInstance[]): boolean {
  return instances.filter((instance) => instance.host === host).length === 1;
}

import type { NodeAPI } from 'node-red';
import type { Account } from '../../../src/account/account.js';
import type { ClusterAccount } from '../../../src/cluster/cluster-account.js';
import { NotFound } from './admin-request.js';
import type { NanogptAccount } from '../../shared/nanogpt-account.js';

/** A deployed account: its node, and the account behind it. */
export interface OpenAccount {
  node: NanogptAccount;
  account: Account;
}

/** The clusters of all deployed accounts that are in one, by the ids of their config nodes, where Redis answers. */
export async function openClusters(RED: NodeAPI): Promise<[id: string, cluster: ClusterAccount][]> {
  const shared = listAccountNodes(RED).filter(({ isShared }) => isShared);
  const opened = await Promise.all(
    shared.map(async ({ id, open }): Promise<[string, ClusterAccount | undefined]> => {
      const account = await open().catch(() => undefined);
      return [id, await account?.cluster.reach()];
    }),
  );
  return opened.filter((entry): entry is [string, ClusterAccount] => entry[1] !== undefined);
}

/** Every deployed account that can be opened. */
export async function openAccounts(RED: NodeAPI): Promise<OpenAccount[]> {
  const opened = await Promise.all(
    listAccountNodes(RED).map((node) =>
      node.open().then(
        (account) => ({ node, account }),
        () => undefined,
      ),
    ),
  );
  return opened.filter((account) => account !== undefined);
}

/** The nodes of all deployed accounts. */
export function listAccountNodes(RED: NodeAPI): NanogptAccount[] {
  const nodes: NanogptAccount[] = [];
  RED.nodes.eachNode(({ id, type }) => {
    const node = type === 'nanogpt-config' ? (RED.nodes.getNode(id) as NanogptAccount | null) : null;
    if (node) nodes.push(node);
  });
  return nodes;
}

/**
 * The deployed account of that id.
 *
 * @throws NotFound
 */
export async function findAccount(RED: NodeAPI, id: unknown): Promise<OpenAccount> {
  const found = (await openAccounts(RED)).find(({ node }) => node.id === id);
  if (!found) throw new NotFound();
  return found;
}

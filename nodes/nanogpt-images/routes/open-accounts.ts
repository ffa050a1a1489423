import type { NodeAPI } from 'node-red';
import type { Account } from '../../../src/account/account.js';
import { NotFound } from './admin-request.js';
import type { NanogptAccount } from '../../shared/nanogpt-account.js';

/** A deployed account: its node, and the account behind it. */
export interface OpenAccount {
  node: NanogptAccount;
  account: Account;
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

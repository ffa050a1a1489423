import type { NodeAPI } from 'node-red';
import { listDraftHistories } from '../../../src/account/registry.js';
import type { History } from '../../../src/history/history.js';
import { openAccounts } from './open-accounts.js';

/** The history of an account. */
export interface AccountHistory {
  /** Id of the account's config node. */
  id: string;
  history: History;
}

/** The histories of all deployed accounts, and of those that were only tried: what they made is paid for, too. */
export async function listHistories(RED: NodeAPI): Promise<AccountHistory[]> {
  const deployed = (await openAccounts(RED)).map(({ node, account }) => ({ id: node.id, history: account.history }));
  const drafts = [...listDraftHistories()].map(([id, history]) => ({ id, history }));
  return [...deployed, ...drafts];
}

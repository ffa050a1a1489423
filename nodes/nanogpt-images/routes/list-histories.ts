import type { NodeAPI } from 'node-red';
import { listDraftHistories } from '../../../src/account/histories.js';
import type { History } from '../../../src/history/history.js';
import { listAccountNodes } from './open-accounts.js';

/** The history of an account. */
export interface AccountHistory {
  /** Id of the account's config node. */
  id: string;
  history: History;
}

/** The histories of all deployed accounts, and of those that were only tried: what they made is paid for, too. */
export async function listHistories(RED: NodeAPI): Promise<AccountHistory[]> {
  const deployed = await Promise.all(
    listAccountNodes(RED).map(({ id, openHistory }) =>
      openHistory().then(
        (history) => ({ id, history }),
        () => undefined,
      ),
    ),
  );
  const drafts = [...listDraftHistories()].map(([id, history]) => ({ id, history }));
  return [...deployed.filter((history) => history !== undefined), ...drafts];
}

import type { NodeAPI } from 'node-red';
import { listDraftHistories } from '../../../src/account/histories.js';
import type { History } from '../../../src/history/history.js';
import { listAccountNodes, openClusters } from './open-accounts.js';

/** The history of an account. */
export interface AccountHistory {
  /** Id of the account's config node. */
  id: string;
  history: History;
}

/** What can be looked at: a history, or what other instances of an account have made. */
export interface ImageSource {
  /** Id of the account's config node. */
  account: string;
  /** What tells it from the other sources. */
  name: string;
  images: Pick<History, 'list' | 'describe' | 'get'>;
}

/** Everything that the editor shows images of. */
export async function listImageSources(RED: NodeAPI): Promise<ImageSource[]> {
  const [histories, clusters] = await Promise.all([listHistories(RED), openClusters(RED)]);
  return [
    ...histories.map(({ id, history }) => ({ account: id, name: id, images: history })),
    ...clusters.map(([id, { history }]) => ({ account: id, name: `shared ${id}`, images: history })),
  ];
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

import { isObject } from '../../../src/json.js';
import { announceChange } from '../../shared/editor-events.js';
import { type AdminRequest, BadRequest, NotFound } from './admin-request.js';
import { listHistories } from './list-histories.js';
import { openClusters } from './open-accounts.js';

/**
 * Deletes all images of an account, of a body `{accountId}`; of those
 * that other instances have made only what Redis has.
 *
 * @throws BadRequest, NotFound
 */
export async function clearHistory({ RED, body }: AdminRequest): Promise<{ cleared: true }> {
  if (!isObject(body) || typeof body.accountId !== 'string') throw new BadRequest();
  const { accountId } = body;
  const found = (await listHistories(RED)).find(({ id }) => id === accountId);
  if (!found) throw new NotFound();
  await found.history.clear();
  for (const [id, shared] of await openClusters(RED))
    if (id === accountId) await shared.history.clear().catch(() => undefined);
  announceChange(RED);
  return { cleared: true };
}

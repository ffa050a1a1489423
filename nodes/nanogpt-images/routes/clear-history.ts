import { isObject } from '../../../src/json.js';
import { announceChange } from '../../shared/editor-events.js';
import { type AdminRequest, BadRequest, NotFound } from './admin-request.js';
import { listHistories } from './list-histories.js';

/**
 * Deletes all images of an account, of a body `{accountId}`.
 *
 * @throws BadRequest, NotFound
 */
export async function clearHistory({ RED, body }: AdminRequest): Promise<object> {
  if (!isObject(body) || typeof body.accountId !== 'string') throw new BadRequest();
  const { accountId } = body;
  const found = (await listHistories(RED)).find(({ id }) => id === accountId);
  if (!found) throw new NotFound();
  await found.history.clear();
  announceChange(RED);
  return { cleared: true };
}

import type { Member } from './member.js';
import { pauseBeforeRetry } from './until-back.js';

/**
 * Gives up a request as soon as Redis answers: what was not sent is not sent any more, and the result of the rest goes
 * into a history. `isCancelled` lets the worker of what was sent end it.
 */
export async function disownLater(member: Member, id: string, { isCancelled = false } = {}): Promise<void> {
  for (;;) {
    await pauseBeforeRetry();
    if (member.isClosed) return;
    const isTold = await member.call('disown', { id, isCancelled }).then(
      () => true,
      () => false,
    );
    if (isTold) return;
  }
}

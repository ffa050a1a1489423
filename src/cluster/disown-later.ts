import type { Member } from './member.js';
import { pauseBeforeRetry } from './until-back.js';

/**
 * Gives up a request as soon as Redis answers: what was not sent is not sent any more, and the result of the rest goes
 * into a history. `isCancelled` lets the worker of what was sent end it. Resolves with whether it was not sent.
 */
export async function disownLater(member: Member, id: string, { isCancelled = false } = {}): Promise<boolean> {
  for (;;) {
    await pauseBeforeRetry();
    if (member.isClosed) return false;
    const told = await member.call<{ ended?: boolean }>('disown', { id, isCancelled }).catch(() => undefined);
    if (told) return told.ended === true;
  }
}

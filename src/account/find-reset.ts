import { abortable } from '../abortable.js';
import { withReset } from '../api/response/with-reset.js';
import type { Clock } from '../clock.js';
import { ImageError } from '../errors.js';
import type { Connection } from './connection.js';

/** How long the service may take to say how much is used up, in milliseconds: the message waits for it. */
const answerTimeout = 10_000;

/**
 * Adds to a used-up limit when it resets by the account's subscription, where the refusal itself did not say. Asking
 * costs nothing; without an answer, and for any other error, the error stays as it is.
 */
export async function findReset(
  error: unknown,
  connection: Pick<Connection, 'open'>,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<unknown> {
  if (!(error instanceof ImageError) || error.code !== 'daily_limit' || error.details.retryAfter !== undefined)
    return error;
  // By now the settings may be others, which may not work.
  const opened = await connection.open().catch(() => undefined);
  if (opened?.endpoint.dialect.subscription === undefined) return error;
  const answer = opened.service.subscription(AbortSignal.timeout(answerTimeout));
  const { dailyImages, daily, monthly } = (await abortable(answer, signal).catch(() => undefined)) ?? {};
  const used = [dailyImages, daily, monthly].find((allowance) => (allowance?.remaining ?? 1) <= 0);
  const seconds = Math.ceil((Date.parse(used?.resets ?? '') - clock.now()) / 1000);
  return seconds > 0 ? withReset(error, seconds, clock.now()) : error;
}

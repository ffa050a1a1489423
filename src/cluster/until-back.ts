import { ImageError } from '../errors.js';
import type { Member } from './member.js';

/** Redis is asked again after this time, in milliseconds. */
const retryDelay = 500;

/** Whether this is what becomes of a command while Redis cannot be used: nothing is known of what was asked. */
export function isRedisAway(error: unknown): boolean {
  return error instanceof ImageError && (error.key === 'cluster_away' || error.key === 'redis_password');
}

/** Waits until Redis is asked again, without keeping the process. @throws `signal.reason` when aborted by then. */
export async function pauseBeforeRetry(signal?: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, retryDelay).unref());
  signal?.throwIfAborted();
}

/**
 * Reads what belongs to a request that may be paid for, for as long as it takes until Redis answers, or until the
 * request is over.
 *
 * @throws ImageError with the verdict `unknown` for any other failure.
 */
export async function untilBack<T>(member: Member, read: () => Promise<T>, isOver = (): boolean => false): Promise<T> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      if (member.isClosed || isOver() || !isRedisAway(error)) throw error.with({ charged: 'unknown' });
      await pauseBeforeRetry();
    }
  }
}

/**
 * Asks again with the same token while Redis is away, after a pause.
 * @throws ImageError as `ask` does for any other reason.
 */
export async function againWhileAway<T>(
  member: Member,
  {
    ask,
    pause,
    mostTries = Infinity,
  }: { ask(): Promise<T>; pause(milliseconds: number): Promise<void>; mostTries?: number },
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (!isRedisAway(error) || member.isClosed || tries >= mostTries) throw error;
      await pause(retryDelay);
    }
  }
}

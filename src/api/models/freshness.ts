import type { Clock } from '../../clock.js';
import { ImageError } from '../../errors.js';

/** How long what a service says of its models counts as fresh, in milliseconds. */
export const freshFor = 24 * 3600_000;

/** How long after a failure requests do not ask again, in milliseconds. */
export const retryPause = 5 * 60_000;

/** How long to wait for an answer, in milliseconds. */
const fetchTimeout = 15_000;

/** False also where the clock was set back since. */
export function isWithin(duration: number, since: number, now: number): boolean {
  return now >= since && now - since < duration;
}

/**
 * Fetches with a signal that aborts after the longest wait.
 *
 * @throws ImageError `timed_out` then: asking costs nothing.
 */
export async function fetchInTime<T>(clock: Clock, fetch: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const [fetching, timer] = [new AbortController(), new AbortController()];
  clock
    .sleep(fetchTimeout, timer.signal)
    .then(() => fetching.abort(new ImageError('timed_out', 'not_answered', { what: 'models' }, { charged: 'no' })))
    .catch(() => undefined);
  return fetch(fetching.signal).finally(() => timer.abort());
}

import type { Clock } from '../clock.js';
import { ImageError } from '../errors.js';
import { longestWait } from '../limits.js';

/** When and how often a failed request is sent again. */
export interface RetryOptions {
  /** Retries after the first attempt. */
  retries: number;
  /** Also retry when the outcome is unknown; the request may be paid for twice. */
  retryUnknown: boolean;
  clock: Clock;
  signal: AbortSignal;
  /** Waits before the next try; sleeps where it is absent. */
  wait?: (error: ImageError, milliseconds: number) => Promise<void>;
  /** From 0 to 1; for the jitter. */
  random?: () => number;
}

/** The first step of the backoff, in milliseconds (NanoGPT docs: 1, 2, 4 s with jitter). */
const firstWait = 1000;

/**
 * Tries until one attempt succeeds, the retries are used up or a failure must not be retried. Only failures that were
 * certainly not charged and may be transient are retried. Waits as long as the service asks, else exponentially with
 * full jitter. `attempt` gets the number of the try, from 1.
 *
 * @throws ImageError the failure of the last try; `signal.reason` when aborted while it waits.
 */
export async function retry<T>(attempt: (number: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { retries, clock, signal, random = Math.random } = options;
  const wait = options.wait ?? ((_, milliseconds: number) => clock.sleep(milliseconds, signal));
  let mayBeCharged = false;
  const final = (error: unknown): unknown => {
    if (!(error instanceof ImageError)) return error;
    // A later try that was certainly free does not make an earlier one free.
    const charged = mayBeCharged && error.charged === 'no' ? 'unknown' : error.charged;
    if (charged === error.charged && !options.retryUnknown) return error;
    return error.with({ charged, mayPayTwice: options.retryUnknown });
  };
  for (let number = 1; ; number++) {
    try {
      return await attempt(number);
    } catch (error) {
      if (!(error instanceof ImageError) || number > retries || !mayRetry(error, options)) throw final(error);
      mayBeCharged ||= error.charged !== 'no';
      const { retryAfter } = error.details;
      const milliseconds = retryAfter === undefined ? random() * firstWait * 2 ** (number - 1) : retryAfter * 1000;
      await wait(error, milliseconds).catch((reason: unknown) => {
        throw final(reason);
      });
    }
  }
}

function mayRetry({ code, charged, retryable, details }: ImageError, { retryUnknown, signal }: RetryOptions): boolean {
  if (signal.aborted || code === 'queue_full' || (details.retryAfter ?? 0) > longestWait) return false;
  return charged === 'no' ? retryable : charged === 'unknown' && retryUnknown;
}

/** The clock of an account, so that tests can inject one. */
export interface Clock {
  /** Milliseconds since the epoch, which may jump when the machine's clock is set. */
  now(): number;
  /** Milliseconds since some moment in the past; never goes back. For everything that measures or waits. */
  monotonic(): number;
  /** Calls the action after `ms` milliseconds, unless the returned function is called first. */
  after(ms: number, action: () => void): () => void;
  /** Resolves after `ms` milliseconds; rejects with `signal.reason` when the signal aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Node's timers fire at once for anything longer (some 25 days). */
const longestSleep = 2 ** 31 - 1;

/** The system clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, action) {
    const timer = setTimeout(action, Math.min(ms, longestSleep));
    return () => clearTimeout(timer);
  },
  sleep: (ms, signal) => sleepOn(systemClock, ms, signal),
};

/** `sleep` for a clock that has `after`. */
export function sleepOn({ after }: Pick<Clock, 'after'>, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const cancel = after(ms, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    const abort = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}

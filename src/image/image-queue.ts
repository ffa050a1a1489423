import { abortable } from '../abortable.js';

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs image work one task at a time in the whole process, so that a machine with little
 * memory holds the pixels of one request at a time. An abort rejects at once with
 * `signal.reason`; the next task still waits for the running one to end.
 */
export function queueImageWork<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const turn = last.then(() => {
    signal?.throwIfAborted();
    return work();
  });
  last = turn.catch(() => undefined);
  return signal ? abortable(turn, signal) : turn;
}

import { abortable } from '../abortable.js';

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs work with sharp one after another, in the whole process: a machine with little memory holds the pixels of one request at a
 * time. An abort rejects at once with `signal.reason`; work that has begun then ends by itself, and only then the next begins.
 */
export function queueImageWork<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const turn = last.then(() => {
    signal?.throwIfAborted();
    return work();
  });
  last = turn.catch(() => undefined);
  return signal ? abortable(turn, signal) : turn;
}

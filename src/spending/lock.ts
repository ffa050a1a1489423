import { abortable } from '../abortable.js';

/** Lets one at a time through, in their order. */
export class Lock {
  /** Resolves when the previous holder has released it. */
  #previous: Promise<void> = Promise.resolve();

  /**
   * Waits for the previous holder; the returned function lets the next one through.
   *
   * @throws `signal.reason` when aborted.
   */
  async acquire(signal: AbortSignal): Promise<() => void> {
    const before = this.#previous;
    let release = (): void => undefined;
    this.#previous = new Promise((resolve) => (release = resolve));
    await abortable(before, signal).catch((reason: unknown) => {
      // The next one still waits for the one before.
      before.then(release).catch(release);
      throw reason;
    });
    return release;
  }
}

type Listener = EventListenerOrEventListenerObject;

/**
 * The signal of one message, aborted by its owner. Node's own takes 2 KB, some of it a hidden class for each, and
 * ten thousand messages may wait. It works in this package, but not where Node itself takes a signal.
 */
export class StopSignal implements AbortSignal {
  readonly onabort = null;
  #reason: Error | undefined;
  #listeners: readonly Listener[] = [];

  get aborted(): boolean {
    return this.#reason !== undefined;
  }

  get reason(): Error | undefined {
    return this.#reason;
  }

  throwIfAborted(): void {
    if (this.#reason) throw this.#reason;
  }

  /** The first reason counts. */
  abort(reason: Error): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.dispatchEvent(new Event('abort'));
  }

  /** Each listener is called once: there is no other event than `abort`. */
  addEventListener(_: 'abort', listener: Listener): void {
    if (!this.#listeners.includes(listener)) this.#listeners = [...this.#listeners, listener];
  }

  removeEventListener(_: 'abort', listener: Listener): void {
    this.#listeners = this.#listeners.filter((each) => each !== listener);
  }

  dispatchEvent(event: Event): boolean {
    // One may remove another.
    for (let [next] = this.#listeners; next; [next] = this.#listeners) {
      this.removeEventListener('abort', next);
      if (typeof next === 'function') next(event);
      else next.handleEvent(event);
    }
    return true;
  }
}

/**
 * Ends an exchange from outside, at most once: because of its signal, or of its deadline. An AbortSignal costs as much
 * as a chunk of an answer, so one is made only where a connection has to be opened.
 */
export class Interruption {
  #listener: ((reason: Error) => void) | undefined;
  #reason: Error | undefined;
  #connecting: AbortController | undefined;

  /** Absent until it is interrupted. */
  get reason(): Error | undefined {
    return this.#reason;
  }

  /**
   * The listener is called with the reason. It is passed to a function because V8 makes a function that is written
   * behind `object.property =` long-lived, and then all that it refers to waits for a collection of the whole heap.
   */
  listen(listener: (reason: Error) => void): void {
    this.#listener = listener;
  }

  interrupt(reason: Error): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#listener?.(reason);
    this.#connecting?.abort(reason);
  }

  /** For what opens the connection. */
  signal(): AbortSignal {
    this.#connecting ??= new AbortController();
    if (this.#reason) this.#connecting.abort(this.#reason);
    return this.#connecting.signal;
  }
}

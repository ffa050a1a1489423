/** What Redis says of a request that its asker looks for. */
export interface RequestLook {
  state: string;
  /** Of the attempt that has reserved or sent it. */
  token?: string;
  /** Until its deadline, in milliseconds, where it was sent. */
  left?: number;
  /** An earlier attempt may have been charged. */
  isUnsure?: boolean;
}

/** Once a request is reserved, it is sent within this time, in milliseconds, or not at all. */
const mostReserved = 60_000;

/**
 * What an asker has agreed to: no attempt is sent without that. While Redis is away it tells what was certainly not
 * sent, and when the rest must have ended. Times are those of the monotonic clock.
 */
export class Consent {
  readonly #timeout: number;
  #given: { token: string; time: number } | undefined;
  #deadline = Infinity;
  #isUnsure: boolean;

  /** A request may take `timeout` once it is sent; one that was made before may have been sent then. */
  constructor({ timeout, isUnsure }: { timeout: number; isUnsure: boolean }) {
    this.#timeout = timeout;
    this.#isUnsure = isUnsure;
    if (isUnsure) this.#deadline = performance.now() + mostReserved + timeout;
  }

  /** Agrees to the attempt with a token; from now on it counts as sent. */
  give(token: string): void {
    const time = performance.now();
    this.#given = { token, time };
    this.#deadline = time + mostReserved + this.#timeout;
  }

  /** Takes what Redis said when it was asked at a time. */
  hear({ state, token, left, isUnsure = false }: RequestLook, asked: number): void {
    if (left !== undefined) this.#deadline = asked + left;
    if (state === 'sent') return;
    const isWaiting = state === 'queued' || (state === 'reserved' && token !== this.#given?.token);
    // What was agreed to in the meantime, the answer does not know.
    if (!isWaiting || (this.#given && this.#given.time >= asked)) return;
    this.#given = undefined;
    this.#deadline = Infinity;
    this.#isUnsure = isUnsure;
  }

  /** Whether the request has certainly cost nothing. */
  get isFree(): boolean {
    return this.#given === undefined && !this.#isUnsure;
  }

  /** Whether it may be under way or have ended without that being known here. */
  get mayBeSent(): boolean {
    return this.#deadline !== Infinity;
  }

  /** By when it must have ended; Infinity where it is not sent. */
  get deadline(): number {
    return this.#deadline;
  }
}

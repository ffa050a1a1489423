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
  #given: { token: string; time: number; epoch: string | undefined } | undefined;
  #deadline = Infinity;
  #isUnsure: boolean;

  /** A request may take `timeout` once it is sent; one that was made before may have been sent then. */
  constructor({ timeout, isUnsure }: { timeout: number; isUnsure: boolean }) {
    this.#timeout = timeout;
    this.#isUnsure = isUnsure;
    if (isUnsure) this.#deadline = performance.now() + mostReserved + timeout;
  }

  /** Agrees to the attempt with a token, in an epoch of Redis; from now on it counts as sent. */
  give(token: string, epoch: string | undefined): void {
    const time = performance.now();
    // Another epoch may have forgotten that this attempt was sent.
    const given = this.#given?.token === token ? this.#given : { epoch };
    this.#given = { token, time, epoch: given.epoch };
    this.#deadline = time + mostReserved + this.#timeout;
  }

  /** Takes what Redis said when it was asked at a time. */
  hear(look: RequestLook, asked: number): void {
    const { left, isUnsure = false } = look;
    if (left !== undefined) this.#deadline = asked + left;
    // What was agreed to in the meantime, the answer does not know.
    if (!this.#isWaiting(look) || (this.#given && this.#given.time >= asked)) return;
    this.#given = undefined;
    this.#deadline = Infinity;
    this.#isUnsure = isUnsure;
  }

  /** Whether another attempt than the one with this token was agreed to: only Redis knows what has become of it. */
  isForAnother(token: string): boolean {
    return this.#given !== undefined && this.#given.token !== token;
  }

  /**
   * Whether Redis may have forgotten that the request was sent: what was agreed to in another epoch waits again in this
   * one.
   */
  mayBeForgotten(look: RequestLook, epoch: string | undefined): boolean {
    return this.isOfAnother(epoch) && this.#isWaiting(look);
  }

  /** Whether it was given in another epoch. */
  isOfAnother(epoch: string | undefined): boolean {
    return this.#given !== undefined && epoch !== undefined && this.#given.epoch !== epoch;
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

  /** Whether the attempt that was agreed to is not under way. */
  #isWaiting({ state, token }: RequestLook): boolean {
    return state === 'queued' || (state === 'reserved' && token !== this.#given?.token);
  }
}

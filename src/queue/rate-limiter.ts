import type { Clock } from '../clock.js';
import { ImageError } from '../errors.js';

/** How much an account may do at a time. */
export interface GateLimits {
  /** Requests under way at once. */
  concurrency: number;
  /** Pictures a minute; 0 = no limit. */
  perMinute: number;
  /** Requests that may wait. */
  queueLimit: number;
  /** Bytes of input pictures that may wait. */
  queueBytes: number;
}

/** What wants to pass the gate. */
export interface Entry {
  /** From `gate.place()`; keeps the order over retries. */
  place: number;
  /** Pictures asked for. */
  pictures: number;
  /** Bytes of its input pictures. */
  bytes: number;
  signal: AbortSignal;
  /** Told when it has to wait, with the time (milliseconds since the epoch) until which the gate is held up, where that is known. */
  onWait?: (until?: number) => void;
}

interface Waiting extends Entry {
  /** Ends the waiting, with the slot taken. */
  admit(): void;
}

const minute = 60_000;

/**
 * The one entrance to the service for all nodes of an account: lets requests through in their order, so many at once and so
 * many pictures a minute (a token bucket that holds one minute's worth). A request for more than that waits for a full
 * bucket and empties it: one mistyped number must not hold up all others for an hour.
 */
export class Gate {
  readonly #clock: Clock;
  #limits: GateLimits;
  #places = 0;
  #running = 0;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #pausedUntil = 0;
  #tokens: number;
  #refilled: number;
  #alarm: AbortController | undefined;

  constructor(limits: GateLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#tokens = limits.perMinute;
    this.#refilled = clock.now();
  }

  /** New limits hold for what waits now, too. */
  configure(limits: GateLimits): void {
    this.#refill();
    // Without a limit nothing was counted.
    this.#tokens = this.#limits.perMinute === 0 ? limits.perMinute : this.#tokens + limits.perMinute - this.#limits.perMinute;
    this.#limits = limits;
    this.#admit();
  }

  /** A place in the order of arrival. */
  place(): number {
    return ++this.#places;
  }

  /** Lets nobody through for so many milliseconds: the service asked for a pause. */
  pause(milliseconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + milliseconds);
    for (const { onWait } of this.#waiting) onWait?.(this.#pausedUntil);
    this.#admit();
  }

  /**
   * Resolves when the request may be sent; `leave` must follow.
   *
   * @throws ImageError `queue_full` where too much waits already; `signal.reason` when aborted.
   */
  async enter(entry: Entry, { isRetry = false } = {}): Promise<void> {
    entry.signal.throwIfAborted();
    const until = this.#closedUntil(entry);
    if (this.#waiting.length === 0 && until === undefined) return this.#take(entry);
    if (!isRetry) this.#refuseOverflow(entry);
    entry.onWait?.(until);
    await this.#wait(entry);
  }

  /** Gives back the slot of a request that has ended, and of the pictures a minute those that it did not ask for after all. */
  leave(unasked = 0): void {
    this.#running -= 1;
    this.#tokens += Math.min(unasked, this.#limits.perMinute);
    this.#admit();
  }

  #refuseOverflow({ bytes }: Entry): void {
    const { queueLimit, queueBytes } = this.#limits;
    if (this.#waiting.length >= queueLimit) throw new ImageError('queue_full', 'queue_full', { limit: queueLimit });
    if (bytes > 0 && this.#waitingBytes + bytes > queueBytes) throw new ImageError('queue_full', 'queue_too_large', { megabytes: queueBytes / 1e6 });
  }

  #wait(entry: Entry): Promise<void> {
    return new Promise((resolve, reject) => {
      const remove = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        this.#waitingBytes -= entry.bytes;
        entry.signal.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        remove();
        reject(entry.signal.reason as Error);
        this.#admit();
      };
      const waiting: Waiting = {
        ...entry,
        admit: () => {
          remove();
          this.#take(entry);
          resolve();
        },
      };
      this.#waiting.splice(this.#waiting.findLastIndex(({ place }) => place < entry.place) + 1, 0, waiting);
      this.#waitingBytes += entry.bytes;
      entry.signal.addEventListener('abort', abort, { once: true });
      this.#admit();
    });
  }

  /** Lets in from the front what may go, and sets the alarm for the next. */
  #admit(): void {
    this.#alarm?.abort();
    this.#alarm = undefined;
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      const until = this.#closedUntil(first);
      if (until !== undefined) return this.#wakeAt(until);
      first.admit();
    }
  }

  #wakeAt(time: number): void {
    // Without a slot the next one to leave opens the gate.
    if (time === Infinity) return;
    const alarm = new AbortController();
    this.#alarm = alarm;
    this.#clock.sleep(time - this.#clock.now(), alarm.signal).then(
      () => this.#admit(),
      () => undefined,
    );
  }

  #take({ pictures }: Entry): void {
    this.#running += 1;
    this.#tokens -= Math.min(pictures, this.#limits.perMinute);
  }

  /** When the gate opens for a request; Infinity where only somebody's leaving opens it, undefined where it is open. */
  #closedUntil({ pictures }: Entry): number | undefined {
    if (this.#running >= this.#limits.concurrency) return Infinity;
    const now = this.#clock.now();
    const until = Math.max(this.#pausedUntil, this.#tokensAt(pictures, now));
    return until > now ? until : undefined;
  }

  /** When the bucket holds enough for so many pictures. */
  #tokensAt(pictures: number, now: number): number {
    const { perMinute } = this.#limits;
    if (perMinute === 0) return now;
    this.#refill(now);
    const missing = Math.min(pictures, perMinute) - this.#tokens;
    return missing <= 0 ? now : now + Math.ceil((missing * minute) / perMinute);
  }

  #refill(now = this.#clock.now()): void {
    const { perMinute } = this.#limits;
    // A machine's clock can be set back.
    const passed = Math.max(0, now - this.#refilled);
    this.#tokens = Math.min(perMinute, this.#tokens + (passed * perMinute) / minute);
    this.#refilled = now;
  }
}

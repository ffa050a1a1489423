import type { Clock } from '../clock.js';
import { ImageError } from '../errors.js';

/** How much an account may do at a time. */
export interface RateLimits {
  /** Requests under way at once. */
  concurrency: number;
  /** Images a minute; 0 = no limit. */
  perMinute: number;
  /** Requests that may wait. */
  queueLimit: number;
  /** Bytes of input images that may wait. */
  queueBytes: number;
}

/** What wants to pass the gate. */
export interface QueuedRequest {
  /** From `gate.place()`; keeps the order over retries. */
  sequence: number;
  /** Images asked for. */
  images: number;
  /** Bytes of its input images. */
  bytes: number;
  signal: AbortSignal;
  /** Told when it has to wait, with the time (milliseconds since the epoch) until which the gate is held up, where that is known. */
  onWait?: (until?: number) => void;
}

interface WaitingRequest extends QueuedRequest {
  /** Ends the waiting, with the slot taken. */
  admit(): void;
}

const minute = 60_000;

/**
 * The one entrance to the service for all nodes of an account: lets requests through in their order, so many at once and so
 * many images a minute (a token bucket that holds one minute's worth). A request for more than that waits for a full
 * bucket and empties it: one mistyped number must not hold up all others for an hour.
 */
export class RateLimiter {
  readonly #clock: Clock;
  #limits: RateLimits;
  #sequence = 0;
  #running = 0;
  #waiting: WaitingRequest[] = [];
  #waitingBytes = 0;
  #pausedUntil = 0;
  #tokens: number;
  #refilled: number;
  #wakeTimer: AbortController | undefined;

  constructor(limits: RateLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#tokens = limits.perMinute;
    this.#refilled = clock.now();
  }

  /** New limits hold for what waits now, too. */
  configure(limits: RateLimits): void {
    this.#refill();
    // Without a limit nothing was counted.
    this.#tokens =
      this.#limits.perMinute === 0 ? limits.perMinute : this.#tokens + limits.perMinute - this.#limits.perMinute;
    this.#limits = limits;
    this.#admit();
  }

  /** A place in the order of arrival. */
  nextSequence(): number {
    return ++this.#sequence;
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
  async acquire(entry: QueuedRequest, { isRetry = false } = {}): Promise<void> {
    entry.signal.throwIfAborted();
    const until = this.#closedUntil(entry);
    if (this.#waiting.length === 0 && until === undefined) return this.#take(entry);
    if (!isRetry) this.#refuseOverflow(entry);
    entry.onWait?.(until);
    await this.#wait(entry);
  }

  /** Gives back the slot of a request that has ended, and of the images a minute those that it did not ask for after all. */
  release(unasked = 0): void {
    this.#running -= 1;
    this.#tokens += Math.min(unasked, this.#limits.perMinute);
    this.#admit();
  }

  #refuseOverflow({ bytes }: QueuedRequest): void {
    const { queueLimit, queueBytes } = this.#limits;
    if (this.#waiting.length >= queueLimit) throw new ImageError('queue_full', 'queue_full', { limit: queueLimit });
    if (bytes > 0 && this.#waitingBytes + bytes > queueBytes)
      throw new ImageError('queue_full', 'queue_too_large', { megabytes: queueBytes / 1e6 });
  }

  #wait(entry: QueuedRequest): Promise<void> {
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
      const waiting: WaitingRequest = {
        ...entry,
        admit: () => {
          remove();
          this.#take(entry);
          resolve();
        },
      };
      this.#waiting.splice(this.#waiting.findLastIndex(({ sequence }) => sequence < entry.sequence) + 1, 0, waiting);
      this.#waitingBytes += entry.bytes;
      entry.signal.addEventListener('abort', abort, { once: true });
      this.#admit();
    });
  }

  /** Lets in from the front what may go, and sets the alarm for the next. */
  #admit(): void {
    this.#wakeTimer?.abort();
    this.#wakeTimer = undefined;
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
    this.#wakeTimer = alarm;
    this.#clock.sleep(time - this.#clock.now(), alarm.signal).then(
      () => this.#admit(),
      () => undefined,
    );
  }

  #take({ images }: QueuedRequest): void {
    this.#running += 1;
    this.#tokens -= Math.min(images, this.#limits.perMinute);
  }

  /** When the gate opens for a request; Infinity where only somebody's leaving opens it, undefined where it is open. */
  #closedUntil({ images }: QueuedRequest): number | undefined {
    if (this.#running >= this.#limits.concurrency) return Infinity;
    const now = this.#clock.now();
    const until = Math.max(this.#pausedUntil, this.#tokensAt(images, now));
    return until > now ? until : undefined;
  }

  /** When the bucket holds enough for so many images. */
  #tokensAt(images: number, now: number): number {
    const { perMinute } = this.#limits;
    if (perMinute === 0) return now;
    this.#refill(now);
    const missing = Math.min(images, perMinute) - this.#tokens;
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

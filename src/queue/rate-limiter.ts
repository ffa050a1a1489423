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

/** A request that asks for a slot. */
export interface QueuedRequest {
  /** From `nextSequence()`; keeps the order over retries. */
  sequence: number;
  /** Images that it requests. */
  images: number;
  /** Bytes of its input images. */
  bytes: number;
  signal: AbortSignal;
  /**
   * Called when it has to wait; `until` (milliseconds since the epoch) is when the pause or the minute's limit ends, if
   * it waits for one.
   */
  onWait?: (until?: number) => void;
}

/** Permission to run one request; must be released. */
export interface Slot {
  /**
   * Frees the slot and returns the tokens of images that were not requested after all. Calling it again does nothing.
   */
  release(notRequested?: number): void;
}

/**
 * A request in the queue. Thousands may wait, so it listens to its
 * signal itself: a function for each would be more to keep.
 */
class WaitingRequest {
  constructor(
    readonly request: QueuedRequest,
    readonly resolve: (slot: Slot) => void,
    readonly reject: (reason: Error) => void,
    readonly onAbort: (waiting: WaitingRequest) => void,
  ) {}

  handleEvent(): void {
    this.onAbort(this);
  }
}

const minute = 60_000;

/**
 * Limits the requests of an account, in their order: so many at once, and so many images a minute (a token bucket that
 * holds one minute's worth). A request for more images than that waits for a full bucket and empties it, so that a
 * mistyped number does not block the account for an hour.
 */
export class RateLimiter {
  readonly #clock: Clock;
  #limits: RateLimits;
  #sequence = 0;
  #running = 0;
  #queue: WaitingRequest[] = [];
  #queuedBytes = 0;
  #tokens: number;
  /** Times of the monotonic clock: setting the machine's clock must not lengthen a pause. */
  #pausedUntil = -Infinity;
  #refilledAt: number;
  #wakeTimer: AbortController | undefined;

  constructor(limits: RateLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#tokens = limits.perMinute;
    this.#refilledAt = clock.monotonic();
  }

  /** Changes the limits, also for requests that already wait. */
  configure(limits: RateLimits): void {
    this.#refill();
    // Without a limit nothing was counted.
    this.#tokens =
      this.#limits.perMinute === 0 ? limits.perMinute : this.#tokens + limits.perMinute - this.#limits.perMinute;
    this.#limits = limits;
    this.#admitWaiting();
  }

  /** The next number in the order of arrival. */
  nextSequence(): number {
    return ++this.#sequence;
  }

  /** Pauses all requests for so many milliseconds. */
  pause(milliseconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.monotonic() + milliseconds);
    for (const { request } of this.#queue) request.onWait?.(this.#toWallTime(this.#pausedUntil));
    this.#admitWaiting();
  }

  /**
   * Resolves with a slot when the request may be sent. A retry is never refused.
   *
   * @throws ImageError `queue_full` where too much waits already; `signal.reason` when aborted.
   */
  acquire(request: QueuedRequest, { isRetry = false } = {}): Promise<Slot> {
    if (request.signal.aborted) return Promise.reject(request.signal.reason as Error);
    const opensAt = this.#opensAt(request);
    if (this.#queue.length === 0 && opensAt === undefined) return Promise.resolve(this.#takeSlot(request));
    const refusal = isRetry ? undefined : this.#findOverflow(request);
    if (refusal) return Promise.reject(refusal);
    request.onWait?.(this.#toWallTime(opensAt));
    return new Promise((resolve, reject) => this.#enqueue(new WaitingRequest(request, resolve, reject, this.#drop)));
  }

  #findOverflow({ bytes }: QueuedRequest): ImageError | undefined {
    const { queueLimit, queueBytes } = this.#limits;
    if (this.#queue.length >= queueLimit) return new ImageError('queue_full', 'queue_full', { limit: queueLimit });
    if (bytes === 0 || this.#queuedBytes + bytes <= queueBytes) return undefined;
    return new ImageError('queue_full', 'queue_too_large', { megabytes: queueBytes / 1e6 });
  }

  #enqueue(waiting: WaitingRequest): void {
    const { sequence, bytes, signal } = waiting.request;
    const before = this.#queue.findLastIndex(({ request }) => request.sequence < sequence);
    this.#queue.splice(before + 1, 0, waiting);
    this.#queuedBytes += bytes;
    signal.addEventListener('abort', waiting, { once: true });
    this.#admitWaiting();
  }

  #remove(waiting: WaitingRequest): void {
    // The first is the one that goes, as a rule, and taking it moves none of the others.
    if (waiting === this.#queue[0]) this.#queue.shift();
    else this.#queue.splice(this.#queue.indexOf(waiting), 1);
    this.#queuedBytes -= waiting.request.bytes;
    waiting.request.signal.removeEventListener('abort', waiting);
  }

  /** Takes a request that is aborted out of the queue. */
  readonly #drop = (waiting: WaitingRequest): void => {
    this.#remove(waiting);
    waiting.reject(waiting.request.signal.reason as Error);
    this.#admitWaiting();
  };

  /** Admits from the front all that may go, and sets the timer for the next one. */
  #admitWaiting(): void {
    this.#wakeTimer?.abort();
    this.#wakeTimer = undefined;
    for (let first = this.#queue[0]; first; first = this.#queue[0]) {
      const opensAt = this.#opensAt(first.request);
      if (opensAt !== undefined) return this.#wakeAt(opensAt);
      this.#remove(first);
      first.resolve(this.#takeSlot(first.request));
    }
  }

  #wakeAt(time: number): void {
    // While all slots are taken, the next release admits.
    if (time === Infinity) return;
    const timer = new AbortController();
    this.#wakeTimer = timer;
    this.#clock
      .sleep(time - this.#clock.monotonic(), timer.signal)
      .then(() => this.#admitWaiting())
      .catch(() => undefined);
  }

  #takeSlot({ images }: QueuedRequest): Slot {
    const taken = Math.min(images, this.#limits.perMinute);
    this.#running += 1;
    this.#tokens -= taken;
    let isReleased = false;
    return {
      release: (notRequested = 0) => {
        if (isReleased) return;
        isReleased = true;
        this.#running -= 1;
        this.#tokens += taken - Math.min(taken, images - notRequested);
        this.#admitWaiting();
      },
    };
  }

  /** When the request may go; undefined = now, Infinity = when a slot is released. */
  #opensAt({ images }: QueuedRequest): number | undefined {
    if (this.#running >= this.#limits.concurrency) return Infinity;
    const now = this.#clock.monotonic();
    const opensAt = Math.max(this.#pausedUntil, this.#tokensAt(images, now));
    return opensAt > now ? opensAt : undefined;
  }

  /** When the bucket holds enough for so many images. */
  #tokensAt(images: number, now: number): number {
    const { perMinute } = this.#limits;
    if (perMinute === 0) return now;
    this.#refill(now);
    const missing = Math.min(images, perMinute) - this.#tokens;
    return missing <= 0 ? now : now + Math.ceil((missing * minute) / perMinute);
  }

  #refill(now = this.#clock.monotonic()): void {
    const { perMinute } = this.#limits;
    this.#tokens = Math.min(perMinute, this.#tokens + ((now - this.#refilledAt) * perMinute) / minute);
    this.#refilledAt = now;
  }

  #toWallTime(time: number | undefined): number | undefined {
    return time === undefined || time === Infinity
      ? undefined
      : Math.round(this.#clock.now() + time - this.#clock.monotonic());
  }
}

import type { RequestState } from '../account/send-request.js';
import { ImageError } from '../errors.js';
import { lostRequest } from './lost-request.js';
import type { Member } from './member.js';
import { pauseBeforeRetry, untilBack } from './until-back.js';

/** A result that belongs to this instance until it is delivered. */
export interface Claim {
  state: string;
  /** Sealed; absent where no worker has written one. */
  outcome?: string;
  cancelled?: string;
}

interface Cancelled {
  state: string;
  /** It was not sent. */
  ended?: boolean;
  /** It goes on for others. */
  followed?: boolean;
}

/** How long a cancelled request that was sent may take to say how it ended, in milliseconds. */
const cancelTimeout = 10_000;

/** A request of this instance that has not ended. */
export class PendingRequest {
  readonly id: string;
  readonly #member: Member;
  readonly #onState: ((state: RequestState) => void) | undefined;
  readonly #outcome: Promise<Claim>;
  #resolve!: (claim: Claim) => void;
  #reject!: (error: unknown) => void;
  #isClaiming = false;
  #isOver = false;
  #isCancelled = false;
  #isAbandoned = false;
  #reason: unknown;
  #phase: RequestState['phase'] = 'waiting';
  #until: number | undefined;

  constructor(id: string, member: Member, onState: ((state: RequestState) => void) | undefined) {
    this.id = id;
    this.#member = member;
    this.#onState = onState;
    this.#outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#outcome.catch(() => undefined);
  }

  move(state: RequestState): void {
    const until = state.phase === 'waiting' ? state.until : undefined;
    if (this.#isOver || (state.phase === this.#phase && until === this.#until)) return;
    this.#phase = state.phase;
    this.#until = until;
    this.#onState?.(state);
  }

  /** Claims the result, as long as it takes until Redis answers. */
  end(): void {
    if (this.#isClaiming || this.#isOver) return;
    this.#isClaiming = true;
    this.#claim()
      .catch((error: unknown) => this.fail(error))
      .finally(() => (this.#isClaiming = false))
      .catch(() => undefined);
  }

  /** It was cancelled, perhaps by another instance. */
  endCancelled(): void {
    if (this.#reason === undefined) this.end();
  }

  fail(error: unknown): void {
    this.#isOver = true;
    this.#reject(error);
  }

  /** Ends the request with this error if it was not sent. */
  giveUp(error: ImageError): void {
    this.#cancel(error).catch(() => undefined);
  }

  get isAbandoned(): boolean {
    return this.#isAbandoned;
  }

  /** Gives up a request that may be in the queue all the same: as soon as Redis is back, it is cancelled. */
  abandon(): void {
    this.#isOver = true;
    this.#isAbandoned = true;
    this.#cancelLater().catch(() => undefined);
  }

  /**
   * Resolves with the result.
   *
   * @throws `signal.reason` when aborted before the request was sent.
   */
  async wait(signal: AbortSignal): Promise<Claim> {
    const abort = (): void => {
      this.#cancel(signal.reason).catch(() => {
        this.fail(asUnknown(signal.reason));
        this.#cancelLater().catch(() => undefined);
      });
    };
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      return await this.#outcome;
    } finally {
      this.#isOver = true;
      signal.removeEventListener('abort', abort);
    }
  }

  /** Whether the request ended without being sent, so that its images are no longer needed. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Why it was cancelled here; the answer of Redis to that may have been lost. */
  get cancelReason(): Error | undefined {
    return this.#reason instanceof Error ? this.#reason : undefined;
  }

  async #claim(): Promise<void> {
    const member = this.#member;
    const claim = await untilBack(member, () => member.call<Claim & { go?: boolean }>('claim', { id: this.id }));
    if (claim.go) return this.#resolve(claim);
    if (claim.state === 'queued' || claim.state === 'reserved' || claim.state === 'sent') return;
    throw lostRequest();
  }

  /** Redis is away: as soon as it is back, what was not sent by then is not sent any more. */
  async #cancelLater(): Promise<void> {
    for (;;) {
      await pauseBeforeRetry();
      const answer = await this.#member.call('cancel', { id: this.id }).catch(() => undefined);
      if (answer !== undefined || this.#member.isClosed) return;
    }
  }

  /** What was not sent ends at once; what was, its worker ends, and tells whether it was charged. */
  async #cancel(reason: unknown): Promise<void> {
    this.#reason = reason;
    const { state, ended, followed } = await this.#member.call<Cancelled>('cancel', { id: this.id });
    if (ended) {
      this.#isCancelled = true;
      await this.#member.call('claim', { id: this.id }).catch(() => undefined);
      this.#member.call('delivered', { id: this.id }).catch(() => undefined);
      return this.fail(reason);
    }
    if (state !== 'sent') return this.end();
    // It is paid for: where it was not cancelled, but only no worker was seen, its result is still wanted.
    if (reason instanceof ImageError && reason.code === 'cluster_unavailable') return;
    if (followed) return this.fail(asUnknown(reason));
    setTimeout(() => this.fail(asUnknown(reason)), cancelTimeout).unref();
  }
}

function asUnknown(reason: unknown): unknown {
  return reason instanceof ImageError ? reason.with({ charged: 'unknown' }) : reason;
}

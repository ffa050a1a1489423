import type { RequestState } from '../account/send-request.js';
import { ImageError } from '../errors.js';
import { Consent, type RequestLook } from './consent.js';
import { disownLater } from './disown-later.js';
import { Ending } from './ending.js';
import { asUnknown, lostRequest, workerLost } from './lost-request.js';
import type { Member } from './member.js';
import { untilBack } from './until-back.js';

/** A result that belongs to this instance until it is delivered. */
export interface Claim {
  state: string;
  /** Sealed; absent where no worker has written one. */
  outcome?: string;
  cancelled?: string;
  /** An earlier attempt may have been charged. */
  isUnsure?: boolean;
}

export interface PendingOptions {
  id: string;
  member: Member;
  /** The most that the request may take once it is sent, with all that follows, in milliseconds. */
  timeout: number;
  /** Another asker waited for it before. */
  isResumed?: boolean;
  /** Another instance may wait for it, should it hear nothing of this one. */
  mayBeAdopted?: boolean;
  onState?: ((state: RequestState) => void) | undefined;
  /** Asks Redis how it is with the request, and lets it `hear`. */
  look(id: string): void;
}

/** When Redis was asked, by the monotonic clock, and whether it may not know yet what was sent. */
export interface Heard {
  asked: number;
  isNew: boolean;
}

interface Cancelled {
  state: string;
  /** It was not sent. */
  ended?: boolean;
  /** It goes on for others. */
  followed?: boolean;
  /** An earlier attempt may have been charged. */
  isUnsure?: boolean;
}

/** How long a cancelled request that was sent may take to say how it ended, in milliseconds. */
const cancelTimeout = 10_000;

/** A request of this instance that has not ended. */
export class PendingRequest {
  readonly id: string;
  readonly #options: PendingOptions;
  readonly #member: Member;
  readonly #consent: Consent;
  readonly #ending = new Ending<Claim>();
  #isClaiming = false;
  #isOver = false;
  #isUnsent: Promise<boolean> | undefined;
  #reason: unknown;
  #phase: RequestState['phase'] = 'waiting';
  #until: number | undefined;
  #heard = performance.now();

  constructor(options: PendingOptions) {
    const { id, member, timeout, isResumed = false } = options;
    this.id = id;
    this.#options = options;
    this.#member = member;
    this.#consent = new Consent({ timeout, isUnsure: isResumed });
  }

  move(state: RequestState): void {
    const until = state.phase === 'waiting' ? state.until : undefined;
    if (this.#isOver || (state.phase === this.#phase && until === this.#until)) return;
    this.#phase = state.phase;
    this.#until = until;
    this.#options.onState?.(state);
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
    this.#ending.fail(error);
  }

  /** Whether it has ended without its result. */
  get hasFailed(): boolean {
    return this.#ending.hasFailed;
  }

  /** The result of work for this request, unless the request ends before. */
  orFailure<T>(work: Promise<T>): Promise<T> {
    return this.#ending.orFailure(work);
  }

  /** Lets the attempt with this token be sent: nothing is without that. */
  agree(token: string): void {
    if (this.#isOver) return;
    // Its worker has not heard of that.
    if (this.#isCancelled) return void this.#cancel(this.#reason).catch(() => undefined);
    if (this.#consent.isForAnother(token)) return this.#options.look(this.id);
    this.#consent.give(token, this.#member.epoch);
    this.#member.call('agree', { id: this.id, token }).catch(() => undefined);
  }

  /** Takes what Redis said. */
  hear(look: RequestLook, { asked, isNew }: Heard): void {
    this.#heard = asked;
    if (this.#consent.mayBeForgotten(look, this.#member.epoch)) {
      if (!isNew) this.#leave(lostRequest());
      return;
    }
    this.#consent.hear(look, asked);
    const { state, token = '' } = look;
    if (state === 'reserved') this.agree(token);
    else if (state === 'sent') this.move({ phase: 'running' });
    else if (state === 'gone') this.fail(lostRequest());
    else if (state !== 'queued') this.end();
  }

  /** Redis was asked in vain, with this error: ends the request where that has lasted too long. */
  hearNothing(error: unknown): void {
    const now = performance.now();
    if (this.#consent.mayBeSent) {
      if (now > this.#consent.deadline) this.#leave(workerLost());
    } else if (now - this.#heard > this.#member.timing.away) {
      this.#leave(this.#isFree ? error : lostRequest());
    }
  }

  /** This instance leaves the cluster. */
  close(): void {
    if (!this.#isOver)
      this.fail(this.#consent.mayBeSent ? lostRequest() : this.#verdict(new ImageError('cancelled', 'node_closed')));
  }

  /** Ends the request with this error if it was not sent. */
  giveUp(error: ImageError): void {
    this.#cancel(error).catch(() => undefined);
  }

  /** Gives up a request that may be in the queue all the same. */
  abandon(): void {
    this.#isOver = true;
    this.#isUnsent = disownLater(this.#member, this.id);
  }

  /**
   * Resolves with the result.
   *
   * @throws `signal.reason` when aborted before the request was sent.
   */
  async wait(signal: AbortSignal): Promise<Claim> {
    const abort = (): void => {
      this.#cancel(signal.reason).catch(() => this.#leave(this.#verdict(signal.reason), true));
    };
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      return await this.#ending.value;
    } finally {
      this.#isOver = true;
      signal.removeEventListener('abort', abort);
    }
  }

  /**
   * Resolves with whether the request ended without being sent, so that its images are no longer needed, as soon as
   * Redis says so; undefined where nobody has given it up.
   */
  get isUnsent(): Promise<boolean> | undefined {
    return this.#isUnsent;
  }

  /** Why it was cancelled here; the answer of Redis to that may have been lost. */
  get cancelReason(): Error | undefined {
    return this.#reason instanceof Error ? this.#reason : undefined;
  }

  async #claim(): Promise<void> {
    const member = this.#member;
    const read = (): Promise<Claim & { go?: boolean }> => member.call('claim', { id: this.id });
    const claim = await untilBack(member, read, () => this.#isOver);
    if (claim.go) return this.#ending.resolve(claim);
    if (claim.state === 'queued' || claim.state === 'reserved' || claim.state === 'sent') return;
    throw lostRequest();
  }

  /** Ends the request without Redis. */
  #leave(error: unknown, isCancelled = false): void {
    this.fail(error);
    this.#isUnsent = disownLater(this.#member, this.id, { isCancelled });
  }

  /** Whether its result is no longer wanted. */
  get #isCancelled(): boolean {
    const reason = this.#reason;
    return reason !== undefined && !(reason instanceof ImageError && reason.code === 'cluster_unavailable');
  }

  get #isFree(): boolean {
    return this.#consent.isFree && !this.#options.mayBeAdopted;
  }

  #verdict(reason: unknown): unknown {
    return this.#isFree && !this.#consent.mayBeSent ? reason : asUnknown(reason);
  }

  /** What was not sent ends at once; what was, its worker ends, and tells whether it was charged. */
  async #cancel(reason: unknown): Promise<void> {
    this.#reason = reason;
    const { state, ended, followed, isUnsure = false } = await this.#member.call<Cancelled>('cancel', { id: this.id });
    if (ended) {
      await this.#member.call('claim', { id: this.id }).catch(() => undefined);
      // Unmarked it is found by the next sweep, which frees the room of its images.
      this.#isUnsent = this.#member.call<{ state: string }>('delivered', { id: this.id }).then(
        ({ state }) => state === 'delivered',
        () => false,
      );
      const mayBeForgotten = this.#consent.isOfAnother(this.#member.epoch);
      return this.fail(isUnsure || mayBeForgotten ? asUnknown(reason) : reason);
    }
    if (state !== 'sent') return this.end();
    // It is paid for: where it was not cancelled, but only no worker was seen, its result is still wanted.
    if (!this.#isCancelled) return;
    if (followed) return this.#leave(asUnknown(reason));
    setTimeout(() => !this.#isOver && this.#leave(asUnknown(reason)), cancelTimeout).unref();
  }
}

import type { DryRun } from '../api/client.js';
import type { PaidAnswer } from '../api/response/addressed-answer.js';
import { requireKey } from '../api/endpoint.js';
import type { Clock } from '../clock.js';
import type { RecoveredRequest, Recovery } from '../cluster/delivery.js';
import { defined } from '../defined.js';
import { type ErrorCode, ImageError } from '../errors.js';
import type { Generation, GenerationRequest } from '../generation.js';
import type { HistoryItem } from '../history/history-item.js';
import type { FittedRequest } from '../api/fit-request.js';
import { withDrafts } from '../api/with-drafts.js';
import type { QueuedRequest, RateLimiter, Slot } from '../queue/rate-limiter.js';
import { retry } from '../queue/retry.js';
import type { BalanceTrail } from '../spending/balance-trail.js';
import { type ChargeBudget, generateAndSettle } from './charge.js';
import type { Connection } from './connection.js';
import { findReset } from './find-reset.js';
import type { AccountSettings } from './settings.js';

/** The state of a request: waiting (`until` when, where that is known, in milliseconds since the epoch) or running. */
export type RequestState = { phase: 'waiting'; until?: number } | { phase: 'running' };

/** How a request is made, and who is told of its progress. */
export interface RequestOptions {
  signal: AbortSignal;
  /** The node that asks, for the history. */
  nodeId?: string;
  onState?: (state: RequestState) => void;
  /** Called with the request as it will be sent, its images fitted. */
  onPrepared?: (request: DryRun) => void;
  /** Answers from the history if the same request was made within so many milliseconds; absent = never. */
  reuse?: number;
  /**
   * Asks for partial images, where the service sends any, and is called
   * with each. They are not paid for and are no result.
   */
  onDraft?: (bytes: Buffer) => void;
  /** Called once the first image is kept, in the history or where that is off as the last one of its node. */
  onKept?: (item: HistoryItem) => void;
  /** What another node can deliver the result with, should this process die. */
  recovery?: Recovery;
  /** Takes the place of a dead asker: the request was made before. */
  recovered?: RecoveredRequest;
  /** Called with what must be called once the result has been delivered: until then another instance may deliver it. */
  onResult?: (confirm: () => void) => void;
}

/** What sending needs to know beside. */
export interface SendOptions extends RequestOptions {
  /** Called with an answer that names addresses; nothing is downloaded before it resolves. */
  onAddresses?: (answer: PaidAnswer) => Promise<void>;
}

/** What decides when a request may be sent. */
export type Limiter = Pick<RateLimiter, 'nextSequence' | 'acquire' | 'pause'>;

/** What an account sends its requests with, as it is now. */
export interface AccountContext {
  balance: BalanceTrail;
  connection: Connection;
  clock: Clock;
  settings: AccountSettings;
  /** From 0 to 1, for the jitter of the waits. */
  random?: () => number;
}

/** The same with what decides when a request may be sent, and whether it may be paid for. */
export interface SendContext extends AccountContext {
  rateLimiter: Limiter;
  budget: ChargeBudget;
}

/** Failures before anything was sent: no image counts towards the limit per minute. */
const notRequested = new Set<ErrorCode>(['budget_exceeded', 'invalid_input', 'not_configured']);

/** Refusals count as one image: a mistyped number of images must not use up the limit per minute. */
const refused = new Set<ErrorCode>([
  'rejected',
  'too_large',
  'model_not_found',
  'moderated',
  'unauthorized',
  'insufficient_balance',
]);

/**
 * Waits in the queue, sends the request, and retries what was certainly not charged.
 *
 * @throws ImageError for every failure; `signal.reason` when aborted.
 */
export async function sendRequest(
  context: SendContext,
  request: GenerationRequest,
  options: SendOptions,
): Promise<Generation> {
  const { rateLimiter, connection, clock } = context;
  const { signal, onState } = options;
  const started = clock.monotonic();
  // Validates the key before queueing.
  requireKey((await connection.open()).endpoint);
  const queued: QueuedRequest = {
    sequence: rateLimiter.nextSequence(),
    images: request.n ?? 1,
    bytes: countBytes(request),
    signal,
    onWait: (until) => onState?.({ phase: 'waiting', ...defined({ until }) }),
  };
  // Before anything else is made: thousands may wait here.
  const slot = await rateLimiter.acquire(queued);
  return new AdmittedRequest({ context, request, options, queued, slot, started }).send();
}

/** A request with its first slot. */
interface Admission {
  context: SendContext;
  request: GenerationRequest;
  options: SendOptions;
  queued: QueuedRequest;
  slot: Slot;
  /** When it came, by the monotonic clock. */
  started: number;
}

/** A request that the rate limiter has admitted, with the attempts that it takes. */
class AdmittedRequest {
  readonly #admission: Admission;
  #slot: Slot;
  #prepared: FittedRequest | undefined;

  constructor(admission: Admission) {
    this.#admission = admission;
    this.#slot = admission.slot;
  }

  /** Must be called once; releases the slot. */
  send(): Promise<Generation> {
    const { context, options } = this.#admission;
    const { clock, connection, settings, random } = context;
    const { signal } = options;
    return retry((number) => this.#attempt(number), {
      retries: settings.retries,
      retryUnknown: settings.retryUnknown,
      clock,
      signal,
      wait: (error, milliseconds) => this.#wait(error, milliseconds),
      ...defined({ random }),
    })
      .finally(() => this.#slot.release())
      .catch(async (error: unknown) => {
        throw await findReset(error, connection, { clock, signal });
      });
  }

  async #attempt(number: number): Promise<Generation> {
    const { queued, context } = this.#admission;
    if (number > 1) this.#slot = await context.rateLimiter.acquire(queued, { isRetry: true });
    try {
      return await this.#generate(number);
    } catch (error) {
      pauseAfter(context.rateLimiter, error);
      const unused = countNotRequested(error, queued.images);
      if (unused > 0) this.#slot.release(unused);
      throw error;
    }
  }

  async #generate(number: number): Promise<Generation> {
    const { context, request, options, started } = this.#admission;
    const { budget, balance, clock, connection } = context;
    const { signal, onState, onPrepared, onDraft, onAddresses, nodeId } = options;
    const opened = await connection.open();
    const { warnings, ...images } = (this.#prepared ??= await opened.client.fit(request, signal));
    const fitted = { ...(onDraft ? withDrafts(request, opened.endpoint.dialect) : request), ...images };
    onPrepared?.(opened.client.summarize(fitted));
    const complete = <T extends Pick<Generation, 'warnings'>>(
      answer: T,
    ): T & Pick<Generation, 'attempts' | 'durationMs'> => ({
      attempts: number,
      durationMs: Math.round(clock.monotonic() - started),
      ...answer,
      warnings: [...warnings, ...answer.warnings],
    });
    const result = await generateAndSettle({ budget, balance, ...opened }, fitted, {
      signal,
      onSend: () => onState?.({ phase: 'running' }),
      ...defined({ onDraft, nodeId }),
      ...(onAddresses && { onAddresses: (answer) => onAddresses(complete(answer)) }),
    });
    return complete(result);
  }

  async #wait({ code }: ImageError, milliseconds: number): Promise<void> {
    const { context, options, queued } = this.#admission;
    const { rateLimiter, clock } = context;
    const isBusy = code === 'rate_limited';
    // The pause applies to all requests, so it starts before another one
    // can take the slot. This one goes first afterwards.
    if (isBusy) rateLimiter.pause(milliseconds);
    this.#slot.release();
    if (isBusy) return;
    queued.onWait?.(clock.now() + milliseconds);
    await clock.sleep(milliseconds, options.signal);
  }
}

/** A Retry-After pauses the whole account, even when this request has no retries left. */
function pauseAfter(rateLimiter: Limiter, error: unknown): void {
  const { code, details } = error instanceof ImageError ? error : {};
  if (code === 'rate_limited' && details?.retryAfter !== undefined) rateLimiter.pause(details.retryAfter * 1000);
}

function countBytes({ images, mask }: GenerationRequest): number {
  return [...images, ...(mask ? [mask] : [])].reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/** How many of a failed request's images do not count towards the limit per minute. */
function countNotRequested(error: unknown, images: number): number {
  if (!(error instanceof ImageError)) return 0;
  if (notRequested.has(error.code)) return images;
  return error.charged === 'no' && refused.has(error.code) ? images - 1 : 0;
}

import { openLedger } from './open-ledger.js';
import type { AccountSettings, AccountOptions } from './settings.js';
import type { ModelListing } from '../api/models/model-list.js';
import type { DryRun } from '../api/client.js';
import { resolveEndpoint, plaintextKeyHost, requireKey } from '../api/endpoint.js';
import type { Model } from '../api/models/read-models.js';
import { type Clock, systemClock } from '../clock.js';
import { Connection } from './connection.js';
import { type ErrorCode, ImageError } from '../errors.js';
import type { Generation, GenerationRequest, Warning } from '../generation.js';
import type { FittedImages } from '../image/fit-images.js';
import { Budget, type BudgetLimits } from '../spending/budget.js';
import { RateLimiter, type RateLimits } from '../queue/rate-limiter.js';
import { retry } from '../queue/retry.js';
import type { Spending } from '../spending/totals.js';
import { toNumber } from '../json.js';
import { limits } from '../limits.js';
import { generateAndSettle } from './charge.js';
import { warning } from '../warning.js';

/** Where a request stands: waiting, if known until when (milliseconds since the epoch), or under way. */
export type RequestState = { phase: 'waiting'; until?: number } | { phase: 'running' };

/** What goes along with a request. */
export interface RequestOptions {
  signal: AbortSignal;
  onState?: (state: RequestState) => void;
}

/** Failures before anything was asked of the service, which do not count as images of the minute. */
const unasked = new Set<ErrorCode>(['budget_exceeded', 'invalid_input']);

/** Money that is left with the service. */
export interface Balance {
  amount: number;
  currency: string;
}

/** An account with a service: the one gate that all its requests pass, its connections, and the tries. */
export class Account {
  readonly #tools: AccountOptions;
  readonly #clock: Clock;
  readonly #gate: RateLimiter;
  /** Few images at a time come in from addresses: each may be large. */
  readonly #inputs: RateLimiter;
  readonly #budget: Budget;
  readonly #connection: Connection;
  #settings: AccountSettings;

  constructor(settings: AccountSettings, tools: AccountOptions = {}) {
    this.#tools = tools;
    this.#clock = tools.clock ?? systemClock;
    this.#settings = settings;
    this.#gate = new RateLimiter(gateLimits(settings), this.#clock);
    this.#inputs = new RateLimiter(inputLimits(settings), this.#clock);
    this.#budget = new Budget(budgetLimits(settings), tools.books ?? openLedger(tools));
    this.#connection = new Connection(settings, tools);
  }

  /** Whether these are its settings now. */
  has(settings: AccountSettings): boolean {
    return JSON.stringify(settings) === JSON.stringify(this.#settings);
  }

  /** Changes the settings for requests to come; those under way keep the old ones. */
  configure(settings: AccountSettings): void {
    if (this.has(settings)) return;
    this.#settings = settings;
    this.#gate.configure(gateLimits(settings));
    this.#inputs.configure(inputLimits(settings));
    this.#budget.configure(budgetLimits(settings));
    this.#connection.configure(settings);
  }

  /**
   * What is dangerous about the settings though they work.
   *
   * @throws ImageError `not_configured` where they do not.
   */
  warnings(): Warning[] {
    if (this.#settings.service === 'sandbox') return [];
    const way = resolveEndpoint(this.#settings);
    requireKey(way);
    const host = plaintextKeyHost(way);
    return host === undefined ? [] : [warning('key_in_clear', { host })];
  }

  /**
   * Makes images: waits for its turn, asks the service, and asks again where the failure was certainly free.
   *
   * @throws ImageError for every failure; `signal.reason` when aborted.
   */
  async generate(request: GenerationRequest, { signal, onState }: RequestOptions): Promise<Generation> {
    const started = this.#clock.now();
    const { retries, retryUnknown } = this.#settings;
    // What cannot work is said before the message waits.
    requireKey((await this.#connection.open()).way);
    const asked = this.#asked(request);
    const entry = {
      sequence: this.#gate.nextSequence(),
      images: request.n ?? 1,
      bytes: [...request.images, ...(request.mask ? [request.mask] : [])].reduce(
        (sum, { bytes }) => sum + bytes.length,
        0,
      ),
      signal,
      onWait: (until?: number) =>
        onState?.({ phase: 'waiting', ...(until !== undefined && Number.isFinite(until) && { until }) }),
    };
    let isInside = false;
    const leave = (notAsked?: number): void => {
      if (isInside) this.#gate.release(notAsked);
      isInside = false;
    };
    let fitted: FittedImages | undefined;
    const attempt = async (number: number): Promise<Generation> => {
      await this.#gate.acquire(entry, { isRetry: number > 1 });
      isInside = true;
      try {
        const line = await this.#connection.open();
        const { warnings, ...images } = (fitted ??= await line.client.fit(asked, signal));
        const made = await generateAndSettle(
          { ...line, budget: this.#budget },
          { ...asked, ...images },
          { signal, onSend: () => onState?.({ phase: 'running' }) },
        );
        return {
          ...made,
          warnings: [...warnings, ...made.warnings],
          attempts: number,
          durationMs: this.#clock.now() - started,
        };
      } catch (error) {
        this.#slowDown(error);
        if (error instanceof ImageError && unasked.has(error.code)) leave(entry.images);
        throw error;
      }
    };
    // A service that is busy gets no rest from one request alone: the gate pauses for all, before the slot is free, and this request is the first to go on.
    const wait = async ({ code }: ImageError, milliseconds: number): Promise<void> => {
      if (code === 'rate_limited') this.#gate.pause(milliseconds);
      leave();
      if (code === 'rate_limited') return;
      entry.onWait(this.#clock.now() + milliseconds);
      await this.#clock.sleep(milliseconds, signal);
    };
    return retry(attempt, {
      retries,
      retryUnknown,
      clock: this.#clock,
      signal,
      wait,
      ...(this.#tools.random && { random: this.#tools.random }),
    }).finally(() => leave());
  }

  /**
   * What `generate` would send; sends nothing and needs no key.
   *
   * @throws ImageError where the request cannot be made.
   */
  async dryRun(request: GenerationRequest, signal: AbortSignal): Promise<DryRun> {
    const { client } = await this.#connection.open();
    return client.dryRun(this.#asked(request), signal);
  }

  #asked(request: GenerationRequest): GenerationRequest {
    const model = this.#settings.model.trim();
    return { ...(model !== '' && { model }), ...request };
  }

  /** Who is told to come back later holds up everybody, also where the tries are used up. */
  #slowDown(error: unknown): void {
    const { code, details } = error instanceof ImageError ? error : {};
    if (code === 'rate_limited' && details?.retryAfter !== undefined) this.#gate.pause(details.retryAfter * 1000);
  }

  /** The bytes of an input image that a flow names by its address; `field` names the place it comes from. */
  async fetchInput(address: string, field: string, signal: AbortSignal): Promise<Buffer> {
    const { downloads } = await this.#connection.open();
    await this.#inputs.acquire({ sequence: this.#inputs.nextSequence(), images: 1, bytes: 0, signal });
    try {
      return await downloads.input(address, { rule: this.#settings.imageUrls, field, signal });
    } finally {
      this.#inputs.release();
    }
  }

  /** What is left with the service. NanoGPT answers in US dollars, as text (NanoGPT docs: check balance). */
  async balance(signal: AbortSignal): Promise<Balance> {
    const { client } = await this.#connection.open();
    const amount = toNumber((await client.ask('balance', signal)).usd_balance);
    if (amount === undefined) throw new ImageError('bad_response', 'no_balance', {}, { charged: 'no' });
    return { amount, currency: 'USD' };
  }

  /** The models that the service lists. */
  async models(signal: AbortSignal): Promise<Model[]> {
    const { catalogue } = await this.#connection.open();
    return catalogue.models(signal);
  }

  /** The models to choose from, and the one that is used where neither request nor account names one. */
  async listModels(signal: AbortSignal): Promise<ModelListing & { defaultModel: string }> {
    const { catalogue, way } = await this.#connection.open();
    return { ...(await catalogue.newest(signal)), defaultModel: way.dialect.defaultModel };
  }

  /**
   * Asks the service for what only a good key gets: the balance, where it has none to tell the list of models.
   *
   * @throws ImageError for every failure.
   */
  async check(signal: AbortSignal): Promise<{ models: number; balance?: Balance }> {
    const { way } = await this.#connection.open();
    const hasBalance = way.dialect.balance !== undefined;
    const [models, balance] = await Promise.all([this.models(signal), hasBalance ? this.balance(signal) : undefined]);
    return { models: models.length, ...(balance && { balance }) };
  }

  /** What was spent, and is set aside for requests under way, in US dollars. */
  spending(): Promise<Spending> {
    return this.#budget.spending();
  }

  /** Whether what was spent is forgotten with the end of the process. */
  get isSpendingInMemory(): boolean {
    return this.#budget.isInMemory;
  }

  /** Ends all connections at once. */
  close(): void {
    this.#connection.close();
    this.#budget.close();
  }
}

function gateLimits({ concurrency, perMinute, queueLimit }: AccountSettings): RateLimits {
  return { concurrency, perMinute, queueLimit, queueBytes: limits.waiting };
}

function inputLimits({ concurrency, queueLimit }: AccountSettings): RateLimits {
  return { concurrency, perMinute: 0, queueLimit, queueBytes: Infinity };
}

function budgetLimits({ budget, budgetPeriod }: AccountSettings): BudgetLimits {
  return { period: budgetPeriod, ...(budget !== undefined && { limit: budget }) };
}

import type { DryRun } from '../api/client.js';
import type { Model } from '../api/models/read-models.js';
import type { Subscription } from '../api/subscription.js';
import { type Clock, systemClock } from '../clock.js';
import { defined } from '../defined.js';
import type { Generation, GenerationRequest, Warning } from '../generation.js';
import type { History } from '../history/history.js';
import { SharedRequests, toReused } from '../history/shared-requests.js';
import { RateLimiter } from '../queue/rate-limiter.js';
import { BalanceTrail } from '../spending/balance-trail.js';
import { Budget } from '../spending/budget.js';
import { currency } from '../spending/currency.js';
import type { LedgerEntry, Settlement } from '../spending/ledger-file.js';
import type { DaySpending, Spending } from '../spending/totals.js';
import type { ClusterState } from '../cluster/cluster-account.js';
import type { Balance } from './balance.js';
import { ClusterLink } from './cluster-link.js';
import { completeRequest, digestFor } from './complete-request.js';
import { Connection } from './connection.js';
import { checkSettings } from './check-settings.js';
import { keepImages } from './keep-images.js';
import { type ChoiceOfModels, listModels } from './list-models.js';
import { openHistory } from './open-history.js';
import { openLedger } from './open-ledger.js';
import { type EndingModel, ShutdownNotices } from './shutdown-notices.js';
import { type RequestOptions, type RequestState, type AccountContext, sendRequest } from './send-request.js';
import type { AccountOptions, AccountSettings } from './settings.js';
import { toBudgetLimits, toInputLimits, toRateLimits } from './to-limits.js';

/** An account with a service: the queue that all its requests share, its budget, its connection, and the retries. */
export class Account {
  /** The images that it has received. */
  readonly history: History;
  /** What it shares with other instances. */
  readonly cluster: ClusterLink;
  readonly #options: AccountOptions;
  readonly #clock: Clock;
  readonly #rateLimiter: RateLimiter;
  /** Limits the downloads of input images: each may be large. */
  readonly #inputLimiter: RateLimiter;
  readonly #budget: Budget;
  readonly #balance = new BalanceTrail();
  readonly #connection: Connection;
  readonly #shared = new SharedRequests<RequestState>();
  readonly #notices: ShutdownNotices;
  #settings: AccountSettings;

  constructor(settings: AccountSettings, options: AccountOptions = {}) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#settings = settings;
    this.#rateLimiter = new RateLimiter(toRateLimits(settings), this.#clock);
    this.#inputLimiter = new RateLimiter(toInputLimits(settings), this.#clock);
    const ledger = options.ledger ?? openLedger(options);
    this.#budget = new Budget(toBudgetLimits(settings), ledger);
    this.#notices = new ShutdownNotices(options.onWarning ?? (() => undefined), this.#clock);
    this.history = options.history ?? openHistory(settings, options);
    this.cluster = new ClusterLink({ options, ledger, history: this.history, context: () => this.#context() });
    this.#connection = new Connection(settings, options, this.cluster.models);
    this.cluster.configure(settings);
  }

  /** Whether the account has exactly these settings. */
  has(settings: AccountSettings): boolean {
    return JSON.stringify(settings) === JSON.stringify(this.#settings);
  }

  /** Changes the settings for requests to come; those under way keep the old ones. */
  configure(settings: AccountSettings): void {
    if (this.has(settings)) return;
    this.#settings = settings;
    this.#rateLimiter.configure(toRateLimits(settings));
    this.#inputLimiter.configure(toInputLimits(settings));
    this.#budget.configure(toBudgetLimits(settings));
    this.#connection.configure(settings);
    this.history.configure(settings);
    this.cluster.configure(settings);
  }

  /**
   * Warnings about settings that work but are dangerous.
   *
   * @throws ImageError `not_configured` where they cannot work.
   */
  warnings(): Warning[] {
    return checkSettings(this.#settings);
  }

  /**
   * Generates images: waits in the queue, sends the request, and retries what was certainly not charged.
   *
   * @throws ImageError for every failure; `signal.reason` when aborted.
   */
  generate(request: GenerationRequest, options: RequestOptions): Promise<Generation> {
    const { reuse, recovered } = options;
    // No promise of its own: thousands may wait here.
    return reuse === undefined || recovered || !this.history.isOn
      ? this.#send(request, options)
      : this.#reuse(request, options, reuse);
  }

  async #reuse(request: GenerationRequest, options: RequestOptions, reuse: number): Promise<Generation> {
    const complete = completeRequest(this.#settings, request);
    const digest = await digestFor(this.#settings, (await this.#connection.open()).endpoint, complete);
    return this.#shared.join(digest, options, async (shared) => {
      const found = await this.history.find(digest, reuse);
      if (found && found.images.length >= (request.n ?? 1)) {
        shared.onKept(found.first);
        return toReused(found.images, defined({ model: complete.model }));
      }
      return this.#send(complete, { ...options, ...shared }, digest);
    });
  }

  async #send(incomplete: GenerationRequest, options: RequestOptions, digest?: string): Promise<Generation> {
    const request = completeRequest(this.#settings, incomplete);
    const { model } = request;
    const { models } = await this.#connection.open();
    if (model !== undefined) await this.#notices.note(model, (id) => models.findListedModel(id));
    const generation = this.#settings.cluster
      ? await this.cluster.generate(request, options, digest)
      : await sendRequest(
          { rateLimiter: this.#rateLimiter, budget: this.#budget, ...this.#context() },
          request,
          options,
        );
    const { service } = this.#settings;
    keepImages(this.history, request, generation, { service, ...options, ...defined({ digest }) });
    return generation;
  }

  #context(): AccountContext {
    return {
      balance: this.#balance,
      connection: this.#connection,
      clock: this.#clock,
      settings: this.#settings,
      ...defined({ random: this.#options.random }),
    };
  }

  /**
   * What `generate` would send, with `drafts` where it asks for partial images; sends nothing and needs no key.
   *
   * @throws ImageError where the request cannot be made.
   */
  async dryRun(request: GenerationRequest, signal: AbortSignal, { drafts = false } = {}): Promise<DryRun> {
    const { client } = await this.#connection.open();
    return client.dryRun(completeRequest(this.#settings, request), signal, { drafts });
  }

  /** Downloads the input image at an address in a message; `field` names where the address comes from. */
  async fetchInput(address: string, field: string, signal: AbortSignal): Promise<Buffer> {
    const { downloads } = await this.#connection.open();
    const sequence = this.#inputLimiter.nextSequence();
    const slot = await this.#inputLimiter.acquire({ sequence, images: 1, bytes: 0, signal });
    try {
      return await downloads.fetchInput(address, { rule: this.#settings.imageUrls, field, signal });
    } finally {
      slot.release();
    }
  }

  /** The balance of the account at its service. */
  async balance(signal: AbortSignal): Promise<Balance> {
    const { service } = await this.#connection.open();
    const note = this.#balance.observe();
    const amount = await service.balance(signal);
    note(amount);
    return { amount, currency };
  }

  /** The subscription with the service, and what is left of it. */
  async subscription(signal: AbortSignal): Promise<Subscription> {
    const { service } = await this.#connection.open();
    return service.subscription(signal);
  }

  /** The models that the service lists. */
  async models(signal: AbortSignal): Promise<Model[]> {
    const { models } = await this.#connection.open();
    return models.models(signal);
  }

  /** The models to choose from, the default model, and what is left of a subscription that covers some of them. */
  async listModels(signal: AbortSignal): Promise<ChoiceOfModels> {
    return listModels(await this.#connection.open(), this.#settings, signal);
  }

  /**
   * The model of that id (blank = the account's) if the last good list
   * says that it ends soon; the service is not asked.
   */
  async findEndingModel(id: string): Promise<EndingModel | undefined> {
    const { models } = await this.#connection.open();
    return this.#notices.check(id.trim() || this.#settings.model.trim(), (model) => models.findListedModel(model));
  }

  /** All that the service says of one model; undefined if it does not list it. */
  async findModel(id: string, signal: AbortSignal): Promise<Model | undefined> {
    const { models } = await this.#connection.open();
    return models.findModel(id, signal);
  }

  /**
   * Tests the account with a request that needs a valid key: for the
   * balance, or for the models of a service without a balance.
   *
   * @throws ImageError for every failure.
   */
  async check(signal: AbortSignal): Promise<{ models: number; balance?: Balance }> {
    const { endpoint } = await this.#connection.open();
    const hasBalance = endpoint.dialect.balance !== undefined;
    const [models, balance] = await Promise.all([this.models(signal), hasBalance ? this.balance(signal) : undefined]);
    return { models: models.length, ...(balance && { balance }) };
  }

  /** What was spent, and is reserved for requests under way, in US dollars; over a cluster, by all instances. */
  spending(): Promise<Spending> {
    return this.isShared ? this.cluster.spending() : this.#budget.spending();
  }

  /** What was spent, and is reserved for requests under way, on each of the last 30 days, today the last. */
  dailySpending(): Promise<DaySpending[]> {
    return this.isShared ? this.cluster.dailySpending() : this.#budget.days();
  }

  /** Requests of which it is unknown whether they were charged, oldest first. */
  unsettled(): Promise<readonly LedgerEntry[]> {
    return this.#budget.unsettled();
  }

  /**
   * By how much the balance fell during a request of unknown outcome;
   * undefined where other requests ran at the same time.
   */
  async findBalanceDifference(id: string, signal: AbortSignal): Promise<number | undefined> {
    if (this.#balance.wantsBalance) await this.balance(signal).catch(() => undefined);
    return this.#balance.findDifference(id);
  }

  /** Settles a request of unknown outcome by hand; resolves with false if there is none with that id. */
  async settle(id: string, settlement: Settlement): Promise<boolean> {
    const isSettled = await this.#budget.settleByHand(id, settlement);
    if (this.isShared) await this.cluster.contribute();
    return isSettled;
  }

  /** Whether other instances share the account over a cluster. */
  get isShared(): boolean {
    return this.#settings.cluster !== undefined;
  }

  /** Who shares the account, and what holds for all of them; undefined where it is in no cluster. */
  async clusterState(): Promise<ClusterState | undefined> {
    return this.isShared ? this.cluster.state() : undefined;
  }

  /** Whether the spending is kept in memory only, and so lost when the process ends. */
  get isSpendingInMemory(): boolean {
    return this.#budget.isInMemory;
  }

  /** Leaves the cluster once the requests that this instance sends for it are finished. */
  readonly leave = (): Promise<void> => this.cluster.leave();

  /** Ends all connections at once. */
  close(): void {
    this.cluster.close();
    this.#connection.close();
    this.#budget.close();
  }
}

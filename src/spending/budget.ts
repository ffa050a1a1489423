import { randomUUID } from 'node:crypto';
import { defined } from '../defined.js';
import { ImageError } from '../errors.js';
import { localTime } from '../local-time.js';
import { currency } from './currency.js';
import type { LedgerEntry, Settlement } from './ledger-file.js';
import { Ledger, type LedgerOptions } from './ledger.js';
import { type DaySpending, type Period, type Spending, periodEnd } from './totals.js';

/** The most to spend in a calendar period, in the account's currency; absent = no limit. */
export interface BudgetLimits {
  limit?: number;
  period: Period;
}

/** What a request is expected to cost. */
export interface ExpectedCost {
  /** '' = the service's default. */
  model: string;
  /** Images that will be paid for. */
  n: number;
  /** One image's listed price; absent = not known. */
  price?: number;
  /** Shown to the user who settles the request by hand; never written to disk. */
  prompt?: string;
  nodeId?: string;
}

/** Money reserved for one request. */
export interface Reservation {
  /** Of its entry in the ledger. */
  id: string;
  /** The price is unknown, so this request may exceed the budget. */
  isUnpriced: boolean;
  /** Records how the request ended. Must be called; the last call counts. */
  settle(settlement: Settlement): void;
}

/** A thousandth of a cent, so that ten times 0.1 fit into 1 and fill it. */
const tolerance = 1e-5;

/** The characters of a prompt that are remembered. */
const promptLength = 200;

/** Price lists can be out of date: where a model has cost more on average than its list price, that counts. */
export function pricePerImage(listed: number | undefined, average: number | undefined): number | undefined {
  return listed === undefined || average === undefined ? (listed ?? average) : Math.max(listed, average);
}

/** As much of a prompt as is remembered. */
export function shortPrompt(prompt: string | undefined): string | undefined {
  return prompt?.slice(0, promptLength);
}

/** Limits what an account spends, across restarts. */
export class Budget {
  readonly #ledger: Ledger;
  readonly #release: () => void;
  #limits: BudgetLimits;

  /** Takes a shared ledger, or options for one of its own. */
  constructor(limits: BudgetLimits, ledger: Ledger | LedgerOptions) {
    this.#limits = limits;
    this.#ledger = ledger instanceof Ledger ? ledger : new Ledger(ledger);
    this.#release = this.#ledger.hold();
  }

  configure(limits: BudgetLimits): void {
    this.#limits = limits;
  }

  /**
   * Reserves the expected cost and records on disk that the request is
   * sent. Parallel requests cannot exceed the budget together.
   *
   * @throws ImageError `budget_exceeded`; `not_configured` where the ledger cannot be read; `signal.reason` when
   * aborted while it waits for another request of unknown price.
   */
  async reserve(expected: ExpectedCost, signal: AbortSignal): Promise<Reservation> {
    await this.#ledger.load();
    const unlock = this.#isUnpriced(expected) ? await this.#lockUnpriced(signal) : undefined;
    try {
      // While it waited, the clock may have come to a month that is not read yet.
      await this.#ledger.load();
      // The previous unpriced request may have shown what the model costs.
      const isUnpriced = this.#isUnpriced(expected);
      if (isUnpriced) this.#checkUnpriced();
      const { entry, written } = this.#recordSent(expected);
      if (!isUnpriced) unlock?.();
      await written;
      return {
        id: entry.id,
        isUnpriced,
        settle: (settlement) => {
          this.#ledger.settle(entry, settlement).catch(() => undefined);
          unlock?.();
        },
      };
    } catch (error) {
      unlock?.();
      throw error;
    }
  }

  /** What is spent and reserved in the current periods. */
  async spending(): Promise<Spending> {
    await this.#ledger.load();
    return this.#ledger.spending();
  }

  /** What was spent, and is reserved, on each of the last 30 days, today the last. */
  async days(): Promise<DaySpending[]> {
    await this.#ledger.load();
    return this.#ledger.days();
  }

  /** Requests of unknown outcome, oldest first. */
  async unsettled(): Promise<readonly LedgerEntry[]> {
    await this.#ledger.load();
    return this.#ledger.unsettled();
  }

  /** Settles a request of unknown outcome; resolves with false if there is none with that id. */
  async settleByHand(id: string, settlement: Settlement): Promise<boolean> {
    const entry = (await this.unsettled()).find((each) => each.id === id);
    if (entry) await this.#ledger.settle(entry, settlement);
    return entry !== undefined;
  }

  get isLimited(): boolean {
    return this.#limits.limit !== undefined;
  }

  /** Whether the spending is kept in memory only, and so lost when the process ends. */
  get isInMemory(): boolean {
    return this.#ledger.isInMemory;
  }

  close(): void {
    this.#release();
  }

  #estimate({ model, n, price }: ExpectedCost): number | undefined {
    const each = pricePerImage(price, this.#ledger.averagePrice(model));
    return each === undefined ? undefined : each * n;
  }

  #isUnpriced(expected: ExpectedCost): boolean {
    return this.isLimited && this.#estimate(expected) === undefined;
  }

  /** Where nothing may be sent, fails before the request waits. */
  #lockUnpriced(signal: AbortSignal): Promise<() => void> {
    this.#checkUnpriced();
    return this.#ledger.unpricedLock.acquire(signal);
  }

  /**
   * A request of unknown price and unknown outcome adds nothing to the totals, so there must not be a second one.
   */
  #checkUnpriced(): void {
    this.#checkLimit(undefined);
    const unsettled = this.#ledger.unsettled().find(({ estimate }) => estimate === undefined);
    if (unsettled) throw new ImageError('budget_exceeded', 'unpriced_unknown', { sent: toMinute(unsettled.time) });
  }

  /** Checks and records synchronously, so that no other request comes in between. */
  #recordSent(expected: ExpectedCost): { entry: LedgerEntry; written: Promise<void> } {
    const { model, n, prompt, nodeId } = expected;
    const estimate = this.#estimate(expected);
    this.#checkLimit(estimate);
    const entry: LedgerEntry = {
      id: randomUUID(),
      time: this.#ledger.now,
      model,
      n,
      currency,
      ...defined({ estimate, prompt: shortPrompt(prompt), nodeId }),
    };
    return { entry, written: this.#ledger.record(entry) };
  }

  #checkLimit(estimate: number | undefined): void {
    const { limit, period } = this.#limits;
    if (limit === undefined) return;
    const spent = this.#ledger.spentIn(period);
    const isOver = estimate === undefined ? spent >= limit - tolerance : spent + estimate > limit + tolerance;
    if (!isOver) return;
    throw new ImageError('budget_exceeded', 'budget_exceeded', {
      budget: limit,
      spent: Math.round(spent * 1e4) / 1e4,
      currency,
      ends: toMinute(periodEnd(period, this.#ledger.now)),
    });
  }
}

/** Local date and time to the minute: `2026-11-24 00:00`. */
function toMinute(time: number): string {
  const { year, month, day, hour, minute } = localTime(time);
  return `${year}-${month}-${day} ${hour}:${minute}`;
}

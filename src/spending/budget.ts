import { randomUUID } from 'node:crypto';
import { ImageError } from '../errors.js';
import { Ledger, type LedgerOptions } from './ledger.js';
import type { Settlement, LedgerEntry } from './ledger-file.js';
import { type Period, type Spending, periodEnd } from './totals.js';

/** The most to spend in a calendar period, in the account's currency; absent = no limit. */
export interface BudgetLimits {
  limit?: number;
  period: Period;
}

/** What a request is expected to cost. */
export interface ExpectedCost {
  /** '' = the service's default. */
  model: string;
  /** Images asked for. */
  n: number;
  /** One image's listed price; absent = not known. */
  price?: number;
}

/** Money set aside for one request. */
export interface Reservation {
  /** Nothing was known about the price, so that the budget may be overshot by this one request. */
  isUnpriced: boolean;
  /** Books how the request ended. Must be called once. */
  settle(booking: Settlement): void;
}

/** The account's currency: that of NanoGPT's prices and balance. */
export const currency = 'USD';

/** A thousandth of a cent, so that ten times 0.1 fit into 1 and fill it. */
const tolerance = 1e-5;

/** Guards what an account spends, and remembers it over restarts. */
export class Budget {
  readonly #books: Ledger;
  readonly #release: () => void;
  #limits: BudgetLimits;

  /** With books that others share, or with what its own are kept with. */
  constructor(limits: BudgetLimits, books: Ledger | LedgerOptions) {
    this.#limits = limits;
    this.#books = books instanceof Ledger ? books : new Ledger(books);
    this.#release = this.#books.hold();
  }

  configure(limits: BudgetLimits): void {
    this.#limits = limits;
  }

  /**
   * Sets money aside and puts it on disk that the request goes out. Parallel requests cannot overshoot together.
   *
   * @throws ImageError `budget_exceeded`; `signal.reason` when aborted while it waits for another request of unknown price.
   */
  async reserve(expected: ExpectedCost, signal: AbortSignal): Promise<Reservation> {
    await this.#books.load();
    let leave: (() => void) | undefined;
    if (this.#isUnpriced(expected)) {
      // Where nothing is left, nobody need wait to hear it.
      this.#check(undefined);
      leave = await this.#books.lockUnpriced(signal);
    }
    try {
      // The unpriced request before may have shown what the model costs.
      const isUnpriced = this.#isUnpriced(expected);
      const { entry, written } = this.#setAside(expected);
      if (!isUnpriced) leave?.();
      await written;
      return {
        isUnpriced,
        settle: (booking) => {
          void this.#books.book(entry, booking);
          leave?.();
        },
      };
    } catch (error) {
      leave?.();
      throw error;
    }
  }

  /** What was spent, and is reserved, in the running periods. */
  async spending(): Promise<Spending> {
    await this.#books.load();
    return this.#books.spending();
  }

  get isLimited(): boolean {
    return this.#limits.limit !== undefined;
  }

  /** Whether what is spent is forgotten with the end of the process. */
  get isInMemory(): boolean {
    return this.#books.isInMemory;
  }

  close(): void {
    this.#release();
  }

  #estimate({ model, n, price }: ExpectedCost): number | undefined {
    const each = price ?? this.#books.averagePrice(model);
    return each === undefined ? undefined : each * n;
  }

  #isUnpriced(expected: ExpectedCost): boolean {
    return this.isLimited && this.#estimate(expected) === undefined;
  }

  /** From the check to the sum in one go, so that nobody comes in between. */
  #setAside(expected: ExpectedCost): { entry: LedgerEntry; written: Promise<void> } {
    const { model, n } = expected;
    const estimate = this.#estimate(expected);
    this.#check(estimate);
    const entry: LedgerEntry = {
      id: randomUUID(),
      time: this.#books.now,
      model,
      n,
      currency,
      ...(estimate !== undefined && { estimate }),
    };
    return { entry, written: this.#books.enter(entry) };
  }

  #check(estimate: number | undefined): void {
    const { limit, period } = this.#limits;
    if (limit === undefined) return;
    const spent = this.#books.spentIn(period);
    const over = estimate === undefined ? spent >= limit - tolerance : spent + estimate > limit + tolerance;
    if (!over) return;
    const ends = new Date(periodEnd(period, this.#books.now));
    throw new ImageError('budget_exceeded', 'budget_exceeded', {
      budget: limit,
      spent: Math.round(spent * 1e4) / 1e4,
      currency,
      ends: timeOf(ends),
    });
  }
}

/** Local date and time to the minute: `2026-11-24 00:00`. */
function timeOf(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import { ImageError } from '../errors.js';
import { type Booking, type Entry, Ledger, monthOf } from './ledger.js';
import { type Period, type Spending, Tally, periodEnd } from './tally.js';

/** The most to spend in a calendar period, in the account's currency; absent = no limit. */
export interface BudgetLimits {
  limit?: number;
  period: Period;
}

/** What a request is expected to cost. */
export interface Expected {
  /** '' = the service's default. */
  model: string;
  /** Pictures asked for. */
  n: number;
  /** One picture's listed price; absent = not known. */
  price?: number;
}

/** Money set aside for one request. */
export interface Reservation {
  /** Nothing was known about the price, so that the budget may be overshot by this one request. */
  isBlind: boolean;
  /** Books how the request ended. Must be called once. */
  settle(booking: Booking): void;
}

export interface BudgetTools {
  clock: Clock;
  /** Where the books are kept; absent = in memory only. */
  directory?: string;
  /** The books cannot be kept on disk; said once. */
  onMemoryOnly(cause: unknown): void;
  /** So many requests were under way when the process ended; they are booked as unknown. */
  onLeftOver(count: number): void;
}

/** The account's currency: that of NanoGPT's prices and balance. */
export const currency = 'USD';

/** Guards what an account spends, and remembers it over restarts. */
export class Budget {
  readonly #tools: BudgetTools;
  readonly #tally = new Tally();
  #limits: BudgetLimits;
  #ledger: Ledger | undefined;
  #loaded: Promise<void> | undefined;
  /** Ends when the blind request before has ended: those go one at a time. */
  #blind: Promise<void> = Promise.resolve();

  constructor(limits: BudgetLimits, tools: BudgetTools) {
    this.#limits = limits;
    this.#tools = tools;
    this.#ledger = tools.directory === undefined ? undefined : new Ledger(tools.directory);
  }

  configure(limits: BudgetLimits): void {
    this.#limits = limits;
  }

  /**
   * Sets money aside and puts it on disk that the request goes out. Parallel requests cannot overshoot together.
   *
   * @throws ImageError `budget_exceeded`; `signal.reason` when aborted while it waits for another request of unknown price.
   */
  async reserve({ model, n, price }: Expected, signal: AbortSignal): Promise<Reservation> {
    await this.#load();
    const isBlind = this.#each(model, price) === undefined && this.#limits.limit !== undefined;
    const leave = isBlind ? await this.#turn(signal) : (): void => undefined;
    // The blind request before may have shown what the model costs.
    const each = this.#each(model, price);
    const estimate = each === undefined ? undefined : each * n;
    try {
      this.#check(estimate);
    } catch (error) {
      leave();
      throw error;
    }
    const entry: Entry = { id: randomUUID(), time: this.#tools.clock.now(), model, n, currency, ...(estimate !== undefined && { estimate }) };
    this.#tally.add(entry);
    await this.#write((ledger) => ledger.sent(entry));
    return {
      isBlind,
      settle: (booking) => {
        this.#book(entry, booking);
        leave();
      },
    };
  }

  /** What was spent, and is reserved, in the running periods. */
  async spending(): Promise<Spending> {
    await this.#load();
    return this.#tally.at(this.#tools.clock.now());
  }

  close(): void {
    this.#ledger?.close().catch(() => undefined);
  }

  #each(model: string, price: number | undefined): number | undefined {
    return price ?? this.#tally.averageOf(model);
  }

  #check(estimate: number | undefined): void {
    const { limit, period } = this.#limits;
    if (limit === undefined) return;
    const now = this.#tools.clock.now();
    const spent = this.#tally.spentIn(period, now);
    // A thousandth of a cent, so that ten times 0.1 fit into 1.
    const over = estimate === undefined ? spent >= limit : spent + estimate > limit + 1e-5;
    if (!over) return;
    const ends = new Date(periodEnd(period, now));
    throw new ImageError('budget_exceeded', 'budget_exceeded', { budget: limit, spent: Math.round(spent * 1e4) / 1e4, currency, ends: timeOf(ends) });
  }

  #book(entry: Entry, booking: Booking): void {
    this.#tally.add(entry, -1);
    entry.booking = booking;
    this.#tally.add(entry);
    void this.#write((ledger) => ledger.booked(entry, booking, this.#tools.clock.now()));
  }

  /** Waits for the blind request before; gives what lets the next one go. */
  async #turn(signal: AbortSignal): Promise<() => void> {
    const before = this.#blind;
    let leave = (): void => undefined;
    this.#blind = new Promise((resolve) => (leave = resolve));
    // Whoever gives up waiting still comes after the one before.
    const chained = (): void => void before.then(leave);
    await Promise.race([before, aborted(signal)]).catch((reason: unknown) => {
      chained();
      throw reason;
    });
    return leave;
  }

  #load(): Promise<void> {
    return (this.#loaded ??= this.#read());
  }

  async #read(): Promise<void> {
    if (!this.#ledger) return;
    try {
      const entries = await this.#ledger.read(monthOf(this.#tools.clock.now()));
      const leftOver = entries.filter(({ booking }) => booking === undefined);
      for (const entry of entries) this.#tally.add(entry);
      for (const entry of leftOver) this.#book(entry, { at: 'unknown' });
      if (leftOver.length > 0) this.#tools.onLeftOver(leftOver.length);
    } catch (error) {
      this.#forget(error);
    }
  }

  async #write(action: (ledger: Ledger) => Promise<void>): Promise<void> {
    if (!this.#ledger) return;
    try {
      await action(this.#ledger);
    } catch (error) {
      this.#forget(error);
    }
  }

  /** From here on in memory only. */
  #forget(cause: unknown): void {
    if (!this.#ledger) return;
    this.#ledger = undefined;
    this.#tools.onMemoryOnly(cause);
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** Local date and time to the minute: `2026-11-24 00:00`. */
function timeOf(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

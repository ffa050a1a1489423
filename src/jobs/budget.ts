import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import { ImageError } from '../errors.js';
import { unlessAborted } from '../unless-aborted.js';
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
  /** The books are not kept on disk; said once. */
  onMemoryOnly(cause: unknown): void;
  /** So many requests were under way when the process ended; they are booked as unknown. */
  onLeftOver(count: number): void;
}

/** The account's currency: that of NanoGPT's prices and balance. */
export const currency = 'USD';

/** A thousandth of a cent, so that ten times 0.1 fit into 1 and fill it. */
const tolerance = 1e-5;

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
  async reserve(expected: Expected, signal: AbortSignal): Promise<Reservation> {
    await this.#load();
    let leave: (() => void) | undefined;
    if (this.#isBlind(expected)) {
      // Where nothing is left, nobody need wait to hear it.
      this.#check(undefined);
      leave = await this.#turn(signal);
    }
    try {
      // The blind request before may have shown what the model costs.
      const isBlind = this.#isBlind(expected);
      const entry = this.#setAside(expected);
      if (!isBlind) leave?.();
      await this.#write((ledger) => ledger.sent(entry));
      return {
        isBlind,
        settle: (booking) => {
          void this.#book(entry, booking);
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
    await this.#load();
    return this.#tally.at(this.#tools.clock.now());
  }

  get isLimited(): boolean {
    return this.#limits.limit !== undefined;
  }

  /** Whether what is spent is forgotten with the end of the process. */
  get isInMemory(): boolean {
    return this.#ledger === undefined;
  }

  close(): void {
    this.#ledger?.close().catch(() => undefined);
  }

  #estimate({ model, n, price }: Expected): number | undefined {
    const each = price ?? this.#tally.averageOf(model);
    return each === undefined ? undefined : each * n;
  }

  #isBlind(expected: Expected): boolean {
    return this.isLimited && this.#estimate(expected) === undefined;
  }

  /** From the check to the sum in one go, so that nobody comes in between. */
  #setAside(expected: Expected): Entry {
    const { model, n } = expected;
    const estimate = this.#estimate(expected);
    this.#check(estimate);
    const entry: Entry = { id: randomUUID(), time: this.#tools.clock.now(), model, n, currency, ...(estimate !== undefined && { estimate }) };
    this.#tally.add(entry);
    return entry;
  }

  #check(estimate: number | undefined): void {
    const { limit, period } = this.#limits;
    if (limit === undefined) return;
    const now = this.#tools.clock.now();
    const spent = this.#tally.spentIn(period, now);
    const over = estimate === undefined ? spent >= limit - tolerance : spent + estimate > limit + tolerance;
    if (!over) return;
    const ends = new Date(periodEnd(period, now));
    throw new ImageError('budget_exceeded', 'budget_exceeded', { budget: limit, spent: Math.round(spent * 1e4) / 1e4, currency, ends: timeOf(ends) });
  }

  /** Counts at once; resolves when it is on disk. */
  #book(entry: Entry, booking: Booking): Promise<void> {
    this.#tally.add(entry, -1);
    entry.booking = booking;
    this.#tally.add(entry);
    return this.#write((ledger) => ledger.booked(entry, booking, this.#tools.clock.now()));
  }

  /** Waits for the blind request before; gives what lets the next one go. */
  async #turn(signal: AbortSignal): Promise<() => void> {
    const before = this.#blind;
    let leave = (): void => undefined;
    this.#blind = new Promise((resolve) => (leave = resolve));
    // Whoever gives up waiting still comes after the one before.
    const chained = (): void => void before.then(leave);
    await unlessAborted(before, signal).catch((reason: unknown) => {
      chained();
      throw reason;
    });
    return leave;
  }

  #load(): Promise<void> {
    return (this.#loaded ??= this.#read());
  }

  /** The month before, too: it may hold requests that the end of the process left over, and prices from experience. */
  async #read(): Promise<void> {
    if (!this.#ledger) return this.#tools.onMemoryOnly(new Error('there is no user directory'));
    const leftOver: Entry[] = [];
    const take = (entry: Entry): void => {
      this.#tally.add(entry);
      if (entry.booking === undefined) leftOver.push(entry);
    };
    try {
      for (const month of lastMonths(this.#tools.clock.now())) await this.#ledger.read(month, take);
    } catch (error) {
      this.#forget(error);
    }
    await Promise.all(leftOver.map((entry) => this.#book(entry, { at: 'unknown' })));
    if (leftOver.length > 0) this.#tools.onLeftOver(leftOver.length);
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
    this.close();
    this.#ledger = undefined;
    this.#tools.onMemoryOnly(cause);
  }
}

/** The months that a time and the end of the month before lie in. */
function lastMonths(time: number): string[] {
  const date = new Date(time);
  return [new Date(date.getFullYear(), date.getMonth(), 0).getTime(), time].map(monthOf);
}

/** Local date and time to the minute: `2026-11-24 00:00`. */
function timeOf(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

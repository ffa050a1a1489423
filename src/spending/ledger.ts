import type { Clock } from '../clock.js';
import { abortable } from '../abortable.js';
import { type Settlement, type LedgerEntry, LedgerFile, monthName } from './ledger-file.js';
import { type Period, type Spending, SpendingTotals } from './totals.js';

export interface LedgerOptions {
  clock: Clock;
  /** Where the books are kept; absent = in memory only. */
  directory?: string;
  /** The books are not kept on disk; said once. */
  onMemoryOnly(cause: unknown): void;
  /** So many requests were under way when the process ended; they are booked as unknown. */
  onLeftOver(count: number): void;
}

/** What was spent under one name, in memory and on disk. Several budgets may share the books: each sees at once what the others spend. */
export class Ledger {
  readonly #tools: LedgerOptions;
  readonly #tally = new SpendingTotals();
  #ledger: LedgerFile | undefined;
  #loaded: Promise<void> | undefined;
  #holders = 0;
  /** Ends when the unpriced request before has ended: those go one at a time. */
  #blind: Promise<void> = Promise.resolve();

  constructor(tools: LedgerOptions) {
    this.#tools = tools;
    this.#ledger = tools.directory === undefined ? undefined : new LedgerFile(tools.directory);
  }

  /** Files stay open until whoever holds the books lets go by calling what this gives; what is known is kept beyond. */
  hold(): () => void {
    this.#holders += 1;
    this.#ledger?.open();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holders -= 1;
      if (this.#holders === 0) this.#ledger?.close().catch(() => undefined);
    };
  }

  /** Reads what earlier processes have left, once; nothing else may be asked before. */
  load(): Promise<void> {
    return (this.#loaded ??= this.#read());
  }

  get now(): number {
    return this.#tools.clock.now();
  }

  /** What was spent, and is reserved, in the running periods. */
  spending(): Spending {
    return this.#tally.at(this.now);
  }

  /** The same in the one period that now lies in. */
  spentIn(period: Period): number {
    return this.#tally.spentIn(period, this.now);
  }

  /** What an image of a model has cost on average; undefined where nothing is known. */
  averagePrice(model: string): number | undefined {
    return this.#tally.averageOf(model);
  }

  /** Whether what is spent is forgotten with the end of the process. */
  get isInMemory(): boolean {
    return this.#ledger === undefined;
  }

  /** Counts a request that goes out, at once; resolves when that is on disk. */
  enter(entry: LedgerEntry): Promise<void> {
    this.#tally.add(entry);
    return this.#write((ledger) => ledger.sent(entry));
  }

  /** Counts how a request ended, at once; resolves when that is on disk. */
  book(entry: LedgerEntry, booking: Settlement): Promise<void> {
    this.#tally.add(entry, -1);
    entry.booking = booking;
    this.#tally.add(entry);
    return this.#write((ledger) => ledger.booked(entry, booking, this.now));
  }

  /**
   * Waits for the request of unknown price before; gives what lets the next one go.
   *
   * @throws `signal.reason` when aborted.
   */
  async lockUnpriced(signal: AbortSignal): Promise<() => void> {
    const before = this.#blind;
    let leave = (): void => undefined;
    this.#blind = new Promise((resolve) => (leave = resolve));
    // Whoever gives up waiting still comes after the one before.
    const chained = (): void => void before.then(leave);
    await abortable(before, signal).catch((reason: unknown) => {
      chained();
      throw reason;
    });
    return leave;
  }

  /** The month before, too: it may hold requests that the end of the process left over, and prices from experience. */
  async #read(): Promise<void> {
    if (!this.#ledger) return this.#tools.onMemoryOnly(new Error('there is no user directory'));
    const leftOver: LedgerEntry[] = [];
    const take = (entry: LedgerEntry): void => {
      this.#tally.add(entry);
      if (entry.booking === undefined) leftOver.push(entry);
    };
    try {
      for (const month of lastMonths(this.now)) await this.#ledger.read(month, take);
    } catch (error) {
      this.#forget(error);
    }
    await Promise.all(leftOver.map((entry) => this.book(entry, { at: 'unknown' })));
    if (leftOver.length > 0) this.#tools.onLeftOver(leftOver.length);
  }

  async #write(action: (ledger: LedgerFile) => Promise<void>): Promise<void> {
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
    this.#ledger.close().catch(() => undefined);
    this.#ledger = undefined;
    this.#tools.onMemoryOnly(cause);
  }
}

/** The months that a time and the end of the month before lie in. */
function lastMonths(time: number): string[] {
  const date = new Date(time);
  return [new Date(date.getFullYear(), date.getMonth(), 0).getTime(), time].map(monthName);
}

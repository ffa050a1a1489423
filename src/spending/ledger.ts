import { ActiveList } from '../active-list.js';
import type { Clock } from '../clock.js';
import { ImageError } from '../errors.js';
import type { LogInterference } from './append-log.js';
import { LedgerClock } from './ledger-clock.js';
import { type LedgerEntry, LedgerFile, monthsAround, type Settlement } from './ledger-file.js';
import { Lock } from './lock.js';
import {
  type DaySpending,
  type Period,
  periodEnd,
  periods,
  type QuarterSums,
  type Spending,
  SpendingTotals,
} from './totals.js';

/** So many days are known day by day, this one included. */
export const knownDays = 30;

/** Which months are needed is looked at once in a quarter of an hour: every request asks. In milliseconds. */
const loadedFor = 15 * 60_000;

/** Where a ledger is kept, and who is told what goes wrong with it. */
export interface LedgerOptions {
  clock: Clock;
  /** Where the ledger is kept; absent = in memory only. */
  directory?: string;
  /** Called once where the ledger cannot be kept on disk. */
  onMemoryOnly(cause: unknown): void;
  /**
   * Called with the number of requests that were under way when the last process ended; they are settled as unknown.
   */
  onLeftOver(count: number): void;
  /** Called once where another process writes to the files or deletes them. */
  onInterference?(what: LogInterference): void;
  /** Called when nothing holds the ledger any more and all of it is on disk. */
  onIdle?(): void;
}

/** Spending from before the system clock jumped; it counts in the periods that the clock jumped into. */
interface CarriedOver {
  at: number;
  spent: Record<Period, number>;
}

/**
 * The spending of one account, in memory and on disk. Budgets that share a ledger see at once what the others spend.
 */
export class Ledger {
  /** Requests of unknown price run one at a time. */
  readonly unpricedLock = new Lock();
  readonly #options: LedgerOptions;
  readonly #clock: LedgerClock;
  readonly #totals = new SpendingTotals();
  /** What this process has spent. */
  readonly #own = new SpendingTotals();
  readonly #underWay = new ActiveList<LedgerEntry>();
  readonly #unknown = new Map<string, LedgerEntry>();
  /** Read from disk. */
  readonly #months = new Set<string>();
  readonly #leftOver: LedgerEntry[] = [];
  #isLoaded = false;
  /** When the newest request on disk was sent. */
  #newest = -Infinity;
  #carriedOver: CarriedOver | undefined;
  #file: LedgerFile | undefined;
  #loading: Promise<void> | undefined;
  /** The quarter of an hour for which everything is read. */
  #loadedSpan: number | undefined;
  #holders = 0;
  #interference: LogInterference | undefined;

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#clock = new LedgerClock(options.clock, (from, to) => this.#carryOver(this.#own, from, to));
    if (options.directory !== undefined)
      this.#file = new LedgerFile(options.directory, (what) => this.#reportInterference(what));
  }

  /** Keeps the files open until the returned function is called; the totals stay in memory afterwards. */
  hold(): () => void {
    this.#holders += 1;
    this.#file?.open();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holders -= 1;
      this.#closeWhenIdle();
    };
  }

  /**
   * Reads the current month and its neighbours from disk. Must be called before anything else.
   *
   * @throws ImageError `not_configured` where a newer version of this package has written it.
   */
  async load(): Promise<void> {
    const span = Math.floor(this.now / loadedFor);
    if (span === this.#loadedSpan) return;
    while (monthsAround(this.now, knownDays).some((month) => !this.#months.has(month))) {
      this.#loading ??= this.#read().finally(() => {
        this.#loading = undefined;
        this.#closeWhenIdle();
      });
      await this.#loading;
    }
    this.#loadedSpan = span;
  }

  get now(): number {
    return this.#clock.now();
  }

  /** What is spent and reserved in the current periods. */
  spending(): Spending {
    const { now } = this;
    const sums = this.#totals.at(now);
    for (const period of periods) sums[period] += this.#carriedInto(period, now);
    return sums;
  }

  /** What was spent, and is reserved, on each of the last days. */
  days(): DaySpending[] {
    return this.#totals.days(knownDays, this.now);
  }

  /** What is spent and reserved in one current period. */
  spentIn(period: Period): number {
    const { now } = this;
    return this.#totals.spentIn(period, now) + this.#carriedInto(period, now);
  }

  /** What is spent and reserved, by quarter of an hour since the epoch. */
  quarters(): ReadonlyMap<number, QuarterSums> {
    return this.#totals.quarters();
  }

  /** What an image of a model has cost on average; undefined = unknown. */
  averagePrice(model: string): number | undefined {
    return this.#totals.averagePrice(model);
  }

  /** Requests of unknown outcome that were not settled by hand, oldest first. */
  unsettled(): readonly LedgerEntry[] {
    return [...this.#unknown.values()].sort((one, other) => one.time - other.time);
  }

  /** Whether the spending is kept in memory only, and so lost when the process ends. */
  get isInMemory(): boolean {
    return this.#file === undefined;
  }

  /** Counts a request that is sent; resolves when it is on disk. */
  record(entry: LedgerEntry): Promise<void> {
    this.#totals.add(entry);
    this.#own.add(entry);
    this.#underWay.add(entry);
    return this.#write((file) => file.recordSent(entry));
  }

  /** Settles a request; resolves when that is on disk. The last settlement counts. */
  async settle(entry: LedgerEntry, settlement: Settlement): Promise<void> {
    const isOwn = this.#underWay.has(entry);
    this.#totals.add(entry, -1);
    if (isOwn) this.#own.add(entry, -1);
    entry.settlement = settlement;
    this.#totals.add(entry);
    if (isOwn) this.#own.add(entry);
    this.#note(entry);
    await this.#write((file) => file.recordSettlement(entry, settlement, this.now));
    this.#underWay.delete(entry);
    this.#closeWhenIdle();
  }

  /**
   * The neighbouring months hold requests that the last process left
   * unsettled, prices, and requests of another time zone.
   */
  async #read(): Promise<void> {
    const months = new Set(monthsAround(this.now, knownDays));
    const newest = this.#isLoaded ? undefined : await this.#file?.newestMonth();
    if (newest !== undefined) months.add(newest);
    if (!this.#file && !this.#isLoaded) this.#options.onMemoryOnly(new Error('there is no user directory'));
    try {
      for (const month of months) await this.#readMonth(month);
    } catch (error) {
      if (error instanceof ImageError) throw error;
      this.#keepInMemory(error);
    }
    for (const month of months) this.#months.add(month);
    await this.#settleLeftOver();
    if (!this.#isLoaded) this.#noticeClockBehind();
    this.#isLoaded = true;
  }

  async #readMonth(month: string): Promise<void> {
    if (this.#months.has(month)) return;
    await this.#file?.read(month, (entry) => {
      this.#totals.add(entry);
      this.#note(entry);
      this.#newest = Math.max(this.#newest, entry.time);
      if (entry.settlement === undefined) this.#leftOver.push(entry);
    });
    this.#months.add(month);
  }

  async #settleLeftOver(): Promise<void> {
    const entries = this.#leftOver.splice(0);
    await Promise.all(entries.map((entry) => this.settle(entry, { at: 'unknown' })));
    if (entries.length > 0) this.#options.onLeftOver(entries.length);
  }

  #note(entry: LedgerEntry): void {
    if (entry.settlement?.at === 'unknown') this.#unknown.set(entry.id, entry);
    else this.#unknown.delete(entry.id);
  }

  /** A machine without a battery-backed clock starts in the past: there, the latest spending counts as current. */
  #noticeClockBehind(): void {
    const { now } = this;
    if (this.#newest > now) this.#carryOver(this.#totals, this.#newest, now);
  }

  #carryOver(totals: SpendingTotals, from: number, to: number): void {
    const spent = (period: Period): number =>
      periodEnd(period, from) === periodEnd(period, to) ? 0 : totals.spentIn(period, from);
    this.#carriedOver = { at: to, spent: { hour: spent('hour'), day: spent('day'), month: spent('month') } };
  }

  #carriedInto(period: Period, now: number): number {
    const carried = this.#carriedOver;
    return carried && periodEnd(period, carried.at) === periodEnd(period, now) ? carried.spent[period] : 0;
  }

  async #write(action: (file: LedgerFile) => Promise<void>): Promise<void> {
    if (!this.#file) return;
    try {
      await action(this.#file);
    } catch (error) {
      this.#keepInMemory(error);
    }
  }

  #keepInMemory(cause: unknown): void {
    if (!this.#file) return;
    this.#file.close().catch(() => undefined);
    this.#file = undefined;
    this.#options.onMemoryOnly(cause);
  }

  #closeWhenIdle(): void {
    // What is in memory alone cannot be read again; where the disk has failed, the next ledger tries it again.
    if (this.#holders > 0 || this.#loading || this.#options.directory === undefined) return;
    (this.#file?.close() ?? Promise.resolve())
      .then(() => {
        if (this.#holders === 0 && this.#underWay.size === 0) this.#options.onIdle?.();
      })
      .catch(() => undefined);
  }

  #reportInterference(what: LogInterference): void {
    if (this.#interference === what) return;
    this.#interference = what;
    this.#options.onInterference?.(what);
  }
}

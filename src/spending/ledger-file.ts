import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ImageError } from '../errors.js';
import { isObject, parseJson, toNumber } from '../json.js';
import { localTime } from '../local-time.js';
import { AppendLog, type LogInterference } from './append-log.js';

/**
 * How a request ended: paid (with the cost where the service reports it, and its currency where that is not the
 * estimate's), free, or unknown.
 */
export type Settlement = { at: 'paid'; cost?: number; currency?: string } | { at: 'free' } | { at: 'unknown' };

/** One request in the ledger. */
export interface LedgerEntry {
  id: string;
  /** When it was sent, in milliseconds since the epoch; decides the period it counts in. */
  time: number;
  /** '' = the service's default. */
  model: string;
  /** Images that are paid for. */
  n: number;
  /** Of the whole request; absent = unknown. */
  estimate?: number;
  currency: string;
  /** Shown to the user who settles the request by hand; never written to disk. */
  prompt?: string;
  nodeId?: string;
  /** Absent while it is under way. */
  settlement?: Settlement;
}

/** The format of the lines. */
const version = 1;

/** Entries of a file that are counted before other work gets its turn. */
const batch = 500;

/** The month of a time, in local time: `2026-11`. */
export function monthName(time: number): string {
  const { year, month } = localTime(time);
  return `${year}-${month}`;
}

/** The month of a time, the one before and the one after, and the one in which its last days, so many, begin. */
export function monthsAround(time: number, days: number): string[] {
  const date = new Date(time);
  const [year, month] = [date.getFullYear(), date.getMonth()];
  const beginning = new Date(year, month, date.getDate() - days + 1);
  const months = [beginning, new Date(year, month - 1, 1), date, new Date(year, month + 1, 1)];
  return [...new Set(months.map((each) => monthName(each.getTime())))];
}

/**
 * The ledger of one account on disk: a file for each month, with one line for each request that goes out and one for
 * how it ended. Lines are only ever appended, so that nothing but the last one can be torn.
 */
export class LedgerFile {
  readonly #directory: string;
  readonly #onInterference: (what: LogInterference) => void;
  /** By month. */
  readonly #logs = new Map<string, AppendLog>();
  /** The file of each entry: another time zone may put its time into another month later. */
  readonly #months = new WeakMap<LedgerEntry, string>();
  #isClosed = false;

  /** The directory is made when the first line is written. */
  constructor(directory: string, onInterference: (what: LogInterference) => void = () => undefined) {
    this.#directory = directory;
    this.#onInterference = onInterference;
  }

  /** The newest month that there is a file of. */
  async newestMonth(): Promise<string | undefined> {
    const names = await readdir(this.#directory).catch(() => []);
    const months = names.filter((name) => /^\d{4}-\d{2}\.jsonl$/.test(name)).sort();
    return months.at(-1)?.slice(0, 7);
  }

  /**
   * Gives each request of a month in the state of its last line. No file means no requests; lines that cannot be read
   * are skipped.
   *
   * @throws ImageError `not_configured` where a newer version of this package has written it.
   */
  async read(month: string, take: (entry: LedgerEntry) => void): Promise<void> {
    const entries = new Map<string, LedgerEntry>();
    let rest = '';
    try {
      // A chunk at a time, so that other work gets its turn in between.
      for await (const piece of createReadStream(this.#path(month), { encoding: 'utf8' }) as AsyncIterable<string>) {
        const lines = (rest + piece).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) this.#readLine(line, entries);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    this.#readLine(rest, entries);
    let count = 0;
    for (const entry of entries.values()) {
      this.#months.set(entry, month);
      take(entry);
      if (++count % batch === 0) await setImmediate();
    }
  }

  /** Records that a request is sent; resolves when that is on disk. */
  async recordSent(entry: LedgerEntry): Promise<void> {
    const { id, time, model, n, estimate, currency } = entry;
    const month = monthName(time);
    this.#months.set(entry, month);
    await this.#append(month, { v: version, t: time, id, at: 'sent', model, n, estimate, currency });
  }

  /** Records how a request ended, in the file that holds the request; resolves when that is on disk. */
  async recordSettlement(entry: LedgerEntry, settlement: Settlement, now: number): Promise<void> {
    const month = this.#months.get(entry) ?? monthName(entry.time);
    await this.#append(month, { v: version, t: now, id: entry.id, ...settlement });
  }

  /** Keeps files open between lines again. */
  open(): void {
    this.#isClosed = false;
  }

  /** Closes the files; a later line opens its file just for itself. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#logs.values()].map((log) => log.close()));
  }

  async #append(month: string, line: object): Promise<void> {
    let log = this.#logs.get(month);
    if (!log) this.#logs.set(month, (log = new AppendLog(this.#path(month), this.#onInterference)));
    await log.append(`${JSON.stringify(line)}\n`);
    if (this.#isClosed) await log.close();
  }

  #readLine(line: string, entries: Map<string, LedgerEntry>): void {
    const record = parseJson(line);
    if (!isObject(record) || typeof record.id !== 'string') return;
    if ((toNumber(record.v) ?? version) > version)
      throw new ImageError('not_configured', 'ledger_newer', { version: String(record.v), file: this.#directory });
    const known = entries.get(record.id);
    const settlement = readSettlement(record);
    if (known && settlement) known.settlement = settlement;
    const entry = !known && record.at === 'sent' ? readEntry(record.id, record) : undefined;
    if (entry) entries.set(entry.id, entry);
  }

  #path(month: string): string {
    return join(this.#directory, `${month}.jsonl`);
  }
}

/** Not with `defined`: a month may have 100,000 lines. */
function readEntry(
  id: string,
  { t: time, model, currency, ...record }: Record<string, unknown>,
): LedgerEntry | undefined {
  if (typeof time !== 'number' || typeof model !== 'string' || typeof currency !== 'string') return undefined;
  const [n = 1, estimate] = [toNumber(record.n), toNumber(record.estimate)];
  return { id, time, model, n, currency, ...(estimate !== undefined && { estimate }) };
}

function readSettlement({ at, currency, cost: value }: Record<string, unknown>): Settlement | undefined {
  if (at === 'free' || at === 'unknown') return { at };
  if (at !== 'paid') return undefined;
  const cost = toNumber(value);
  return { at, ...(cost !== undefined && { cost }), ...(typeof currency === 'string' && { currency }) };
}

import { createReadStream } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, parseJson, toNumber } from '../json.js';
import { AppendLog } from './append-log.js';

/** How a request ended: paid, at a cost where the service says it (in another currency than the estimate's: named), free, or nobody knows. */
export type Settlement = { at: 'paid'; cost?: number; currency?: string } | { at: 'free' } | { at: 'unknown' };

/** One request as the books know it. */
export interface LedgerEntry {
  id: string;
  /** Milliseconds since the epoch at which it was sent; decides the period it counts in. */
  time: number;
  /** '' = the service's default. */
  model: string;
  /** Images asked for. */
  n: number;
  /** Absent = unknown. */
  estimate?: number;
  currency: string;
  /** Absent while it is under way. */
  booking?: Settlement;
}

/** The month that a time lies in, in local time: `2026-11`. */
export function monthName(time: number): string {
  const date = new Date(time);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}`;
}

/**
 * The books of one account on disk: a file a month, a line for each request that goes out and one for how it ended. Only ever
 * appended to, so that nothing but the last line can be torn.
 */
export class LedgerFile {
  readonly #directory: string;
  readonly #files = new Map<string, AppendLog>();
  #isClosed = false;

  /** The directory is made when the first line is written. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Gives each request of a month once: when the line of its end is read; in the end those without one. Nothing where there is no
   * file; lines that cannot be read are passed over.
   */
  async read(month: string, take: (entry: LedgerEntry) => void): Promise<void> {
    const open = new Map<string, LedgerEntry>();
    let rest = '';
    try {
      // A piece at a time, so that other work gets its turn in between.
      for await (const piece of createReadStream(this.#path(month), { encoding: 'utf8' }) as AsyncIterable<string>) {
        const lines = (rest + piece).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) readLine(line, open, take);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    readLine(rest, open, take);
    for (const entry of open.values()) take(entry);
  }

  /** Resolves when it is on disk that the request goes out. */
  async sent({ id, time, model, n, estimate, currency }: LedgerEntry): Promise<void> {
    await this.#append(monthName(time), { v: 1, t: time, id, at: 'sent', model, n, estimate, currency });
  }

  /** Resolves when it is on disk how the request ended; in the file of the month it was sent in. */
  async booked({ id, time }: LedgerEntry, booking: Settlement, now: number): Promise<void> {
    await this.#append(monthName(time), { v: 1, t: now, id, ...booking });
  }

  /** From here on files stay open between lines; as at the beginning. */
  open(): void {
    this.#isClosed = false;
  }

  /** Lets go of the files. What is still booked then opens its file for itself. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const files = [...this.#files.values()];
    this.#files.clear();
    await Promise.all(files.map((file) => file.close()));
  }

  async #append(month: string, line: object): Promise<void> {
    const text = `${JSON.stringify(line)}\n`;
    if (this.#isClosed) return appendFile(this.#path(month), text);
    let file = this.#files.get(month);
    if (!file) this.#files.set(month, (file = new AppendLog(this.#path(month))));
    await file.append(text);
  }

  #path(month: string): string {
    return join(this.#directory, `${month}.jsonl`);
  }
}

function readLine(line: string, open: Map<string, LedgerEntry>, take: (entry: LedgerEntry) => void): void {
  const record = parseJson(line);
  if (!isObject(record) || typeof record.id !== 'string') return;
  const sent = open.get(record.id);
  const booking = bookingIn(record);
  if (sent && booking) {
    open.delete(sent.id);
    take({ ...sent, booking });
  } else if (record.at === 'sent') {
    const entry = entryIn(record.id, record);
    if (entry) open.set(entry.id, entry);
  }
}

function entryIn(
  id: string,
  { t: time, model, currency, ...record }: Record<string, unknown>,
): LedgerEntry | undefined {
  if (typeof time !== 'number' || typeof model !== 'string' || typeof currency !== 'string') return undefined;
  const estimate = toNumber(record.estimate);
  return { id, time, model, n: toNumber(record.n) ?? 1, currency, ...(estimate !== undefined && { estimate }) };
}

function bookingIn({ at, currency, ...record }: Record<string, unknown>): Settlement | undefined {
  if (at === 'free' || at === 'unknown') return { at };
  const cost = toNumber(record.cost);
  return at === 'paid'
    ? { at, ...(cost !== undefined && { cost }), ...(typeof currency === 'string' && { currency }) }
    : undefined;
}

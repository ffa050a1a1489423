import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isObject, parseJson, toNumber } from '../json.js';

/** How a request ended: paid, at a cost where the service says it (in another currency than the estimate's: named), free, or nobody knows. */
export type Booking = { at: 'paid'; cost?: number; currency?: string } | { at: 'free' } | { at: 'unknown' };

/** One request as the books know it. */
export interface Entry {
  id: string;
  /** Milliseconds since the epoch at which it was sent; decides the period it counts in. */
  time: number;
  /** '' = the service's default. */
  model: string;
  /** Pictures asked for. */
  n: number;
  /** Absent = unknown. */
  estimate?: number;
  currency: string;
  /** Absent while it is under way. */
  booking?: Booking;
}

/** The month that a time lies in, in local time: `2026-11`. */
export function monthOf(time: number): string {
  const date = new Date(time);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}`;
}

/**
 * The books of one account on disk: a file a month, a line for each request that goes out and one for how it ended. Only ever
 * appended to, so that nothing but the last line can be torn.
 */
export class Ledger {
  readonly #directory: string;
  #files = new Map<string, MonthFile>();

  /** The directory is made when the first line is written. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The requests of a month, in the order they were sent; none where there is no file. Lines that cannot be read are passed over. */
  async read(month: string): Promise<Entry[]> {
    const entries = new Map<string, Entry>();
    try {
      for await (const line of createInterface({ input: createReadStream(this.#path(month)), crlfDelay: Infinity })) readLine(line, entries);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    return [...entries.values()];
  }

  /** Resolves when it is on disk that the request goes out. */
  async sent({ id, time, model, n, estimate, currency }: Entry): Promise<void> {
    await this.#append(monthOf(time), { v: 1, t: time, id, at: 'sent', model, n, estimate, currency });
  }

  /** Resolves when it is on disk how the request ended; in the file of the month it was sent in. */
  async booked({ id, time }: Entry, booking: Booking, now: number): Promise<void> {
    await this.#append(monthOf(time), { v: 1, t: now, id, ...booking });
  }

  async close(): Promise<void> {
    const files = [...this.#files.values()];
    this.#files.clear();
    await Promise.all(files.map((file) => file.close()));
  }

  async #append(month: string, line: object): Promise<void> {
    let file = this.#files.get(month);
    if (!file) this.#files.set(month, (file = new MonthFile(this.#directory, this.#path(month))));
    await file.append(`${JSON.stringify(line)}\n`);
  }

  #path(month: string): string {
    return join(this.#directory, `${month}.jsonl`);
  }
}

/** One open file; lines that come while a write is under way go out together with the next. */
class MonthFile {
  readonly #handle: Promise<FileHandle>;
  #lines = '';
  #next: Promise<void> | undefined;
  #last: Promise<unknown>;

  constructor(directory: string, path: string) {
    this.#handle = mkdir(directory, { recursive: true }).then(() => open(path, 'a', 0o600));
    this.#last = this.#handle;
  }

  append(line: string): Promise<void> {
    this.#lines += line;
    return (this.#next ??= this.#write());
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined);
    await (await this.#handle).close();
  }

  #write(): Promise<void> {
    const written = this.#last.then(async () => {
      const lines = this.#lines;
      this.#lines = '';
      this.#next = undefined;
      await (await this.#handle).appendFile(lines);
    });
    this.#last = written.catch(() => undefined);
    return written;
  }
}

function readLine(line: string, entries: Map<string, Entry>): void {
  const record = parseJson(line);
  if (!isObject(record) || typeof record.id !== 'string') return;
  const { id, at, t: time, model, currency } = record;
  const known = entries.get(id);
  if (at === 'sent' && typeof time === 'number') {
    const estimate = toNumber(record.estimate);
    entries.set(id, { id, time, model: String(model), n: toNumber(record.n) ?? 1, currency: String(currency), ...(estimate !== undefined && { estimate }) });
  } else if (known && (at === 'free' || at === 'unknown')) {
    known.booking = { at };
  } else if (known && at === 'paid') {
    const cost = toNumber(record.cost);
    known.booking = { at, ...(cost !== undefined && { cost }), ...(typeof currency === 'string' && { currency }) };
  }
}

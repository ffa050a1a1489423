import { readFile } from 'node:fs/promises';
import { isObject, parseJson } from '../json.js';
import type { HistoryItem } from './history-item.js';

/** The name of a day's index. */
export const indexName = 'index.jsonl';

/** An item as a line of the index. */
export interface IndexedItem extends HistoryItem {
  v: number;
  sha256: string;
}

/** A day's index. Only the lines that are needed are parsed: a day may have thousands. */
export class DayIndex {
  static readonly empty = new DayIndex('');
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** Undefined where there is none, or it cannot be read. */
  static async read(path: string): Promise<DayIndex | undefined> {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    return text === undefined ? undefined : new DayIndex(text);
  }

  /** The items, newest first, or only those older than an id; torn lines are skipped. */
  *newestFirst(before?: string): Generator<HistoryItem> {
    let end = before === undefined ? this.#text.length : this.#findLine('id', before).start - 1;
    while (end > 0) {
      const start = this.#text.lastIndexOf('\n', end - 1) + 1;
      const item = readItem(this.#text.slice(start, end));
      if (item) yield item;
      end = start - 1;
    }
  }

  /** Whether a file belongs to an item. */
  hasFile(filename: string): boolean {
    return this.#text.includes(`"filename":${JSON.stringify(filename)}`);
  }

  get(id: string): HistoryItem | undefined {
    const { start, end } = this.#findLine('id', id);
    return readItem(this.#text.slice(start, end));
  }

  /** The items of the newest request with a digest, in their order. */
  find(digest: string): HistoryItem[] {
    const { start, end } = this.#findLine('digest', digest);
    const last = readItem(this.#text.slice(start, end));
    if (!last) return [];
    const items: HistoryItem[] = [last];
    // The images of one request are adjacent.
    for (const item of this.newestFirst(last.id)) {
      if (item.requestId !== last.requestId) break;
      items.unshift(item);
    }
    return items;
  }

  /** The position of the last line with that value of a property; an empty range where there is none. */
  #findLine(name: string, value: string): { start: number; end: number } {
    const found = this.#text.lastIndexOf(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
    if (found < 0) return { start: 0, end: 0 };
    const end = this.#text.indexOf('\n', found);
    return { start: this.#text.lastIndexOf('\n', found) + 1, end: end < 0 ? this.#text.length : end };
  }
}

function readItem(line: string): HistoryItem | undefined {
  const record = line === '' ? undefined : parseJson(line);
  if (!isObject(record)) return undefined;
  const { v: _, sha256: __, ...item } = record;
  const isWhole =
    ['id', 'prompt', 'mime', 'filename', 'requestId'].every((name) => typeof item[name] === 'string') &&
    ['time', 'bytes', 'index', 'count'].every((name) => typeof item[name] === 'number');
  return isWhole ? (item as unknown as HistoryItem) : undefined;
}

import { readdir, rm, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { DayIndex, indexName } from './day-index.js';
import type { HistoryItem } from './history-item.js';

/** Whether a name is that of a day's folder. */
export function isDay(name: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(name);
}

/**
 * The last change of each folder, by its path: a change of the settings opens another store on the same folder. Never
 * rejects.
 */
const lastChanges = new Map<string, Promise<unknown>>();

/** The folder of a history: a folder a day, each with its images and their index. A missing folder counts as empty. */
export class HistoryFolder {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** A day's folder, or a file in it. */
  path(day: string, name = ''): string {
    return join(this.#directory, day, name);
  }

  /** The file of an image, always in the folder of its day, even if someone edited the index. */
  imagePath({ id, filename }: HistoryItem): string {
    return this.path(id.slice(0, 10), parse(filename).base);
  }

  /** Makes a change once those before it are made. */
  change(make: () => Promise<void>): Promise<void> {
    const made = this.changed.then(make);
    lastChanges.set(this.#directory, made.catch(ignore));
    return made;
  }

  /** Resolves when all changes so far are made. */
  get changed(): Promise<unknown> {
    return lastChanges.get(this.#directory) ?? Promise.resolve();
  }

  /** The oldest first. */
  async days(): Promise<string[]> {
    return (await readdir(this.#directory).catch(() => [])).filter(isDay).sort();
  }

  /** The names of a day's images. */
  async imageNames(day: string): Promise<string[]> {
    const names = await readdir(this.path(day)).catch(() => []);
    return names.filter((name) => name !== indexName);
  }

  /** Empty where it cannot be read. */
  async readIndex(day: string): Promise<DayIndex> {
    return (await this.findIndex(day)) ?? DayIndex.empty;
  }

  /** Undefined where there is none, or it cannot be read. */
  findIndex(day: string): Promise<DayIndex | undefined> {
    return DayIndex.read(this.path(day, indexName));
  }

  /** Whether the file of an image exists with all its bytes. */
  async isWhole(item: HistoryItem): Promise<boolean> {
    return (await measureFile(this.imagePath(item))) === item.bytes;
  }

  /** Bytes of all images. */
  async measure(): Promise<number> {
    let total = 0;
    for (const day of await this.days()) total += await this.#measureDay(day);
    return total;
  }

  /** Removes a day; resolves with the bytes of its images. */
  async removeDay(day: string): Promise<number> {
    const bytes = await this.#measureDay(day);
    await rm(this.path(day), { recursive: true, force: true });
    return bytes;
  }

  async #measureDay(day: string): Promise<number> {
    let total = 0;
    for (const name of await this.imageNames(day)) total += await measureFile(this.path(day, name));
    return total;
  }
}

async function measureFile(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function ignore(): void {
  // Who made the change has the error; the next one only waits for its end.
}

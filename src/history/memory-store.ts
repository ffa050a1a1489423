import { randomUUID } from 'node:crypto';
import {
  type HistoryImage,
  type HistoryItem,
  type HistoryPage,
  type HistoryStore,
  matchesSearch,
} from './history-item.js';

/** The most that is kept in memory. */
const [mostImages, mostBytes] = [40, 16_000_000];

interface Kept {
  item: HistoryItem;
  content: Buffer;
}

/** The newest images, lost when the process ends. */
export class MemoryStore implements HistoryStore {
  /** The oldest first. */
  #kept: Kept[] = [];
  #bytes = 0;

  add(images: HistoryImage[]): Promise<HistoryItem | undefined> {
    const added = images
      .filter(({ content }) => content.length <= mostBytes)
      .map(({ content, ...image }) => ({ item: { id: randomUUID(), ...image }, content }));
    this.#kept.push(...added);
    this.#bytes += added.reduce((sum, { content }) => sum + content.length, 0);
    while (this.#kept.length > mostImages || this.#bytes > mostBytes)
      this.#bytes -= this.#kept.shift()?.content.length ?? 0;
    return Promise.resolve(added[0]?.item);
  }

  list({ limit, before, search }: HistoryPage): Promise<HistoryItem[]> {
    const newest = this.#kept.map(({ item }) => item).reverse();
    const start = before === undefined ? 0 : newest.findIndex(({ id }) => id === before) + 1;
    // All items older than a dropped one are dropped too.
    const older = before !== undefined && start === 0 ? [] : newest.slice(start);
    return Promise.resolve(older.filter((item) => matchesSearch(item, search)).slice(0, limit));
  }

  async describe(id: string): Promise<HistoryItem | undefined> {
    return (await this.read(id))?.item;
  }

  read(id: string): Promise<Kept | undefined> {
    return Promise.resolve(this.#kept.find(({ item }) => item.id === id));
  }

  find(digest: string, since: number): Promise<HistoryItem[]> {
    const found = this.#kept.map(({ item }) => item).filter((item) => item.digest === digest && item.time >= since);
    const last = found.at(-1);
    const images = found.filter(({ requestId }) => requestId === last?.requestId);
    return Promise.resolve(images.length === last?.count ? images : []);
  }

  clear(): Promise<void> {
    this.#kept = [];
    this.#bytes = 0;
    return Promise.resolve();
  }
}

import { randomUUID } from 'node:crypto';
import { ImageMemory, type Region } from './image-memory.js';
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
  region: Region;
}

/** The newest images, lost when the process ends. */
export class MemoryStore implements HistoryStore {
  /** The oldest first. */
  readonly #kept: Kept[] = [];
  readonly #memory = new ImageMemory(mostBytes);

  add(images: HistoryImage[]): Promise<HistoryItem | undefined> {
    const added = images
      .filter(({ content }) => content.length <= mostBytes)
      .map(({ content, ...image }) => this.#keep({ id: randomUUID(), ...image }, content));
    return Promise.resolve(added[0]);
  }

  /** The oldest images leave until there is room. */
  #keep(item: HistoryItem, content: Buffer): HistoryItem {
    if (this.#kept.length >= mostImages) this.#dropOldest();
    let region = this.#memory.put(content);
    for (; !region; region = this.#memory.put(content)) this.#dropOldest();
    this.#kept.push({ item, region });
    return item;
  }

  #dropOldest(): void {
    const oldest = this.#kept.shift();
    if (oldest) this.#memory.free(oldest.region);
  }

  list({ limit, before, search }: HistoryPage): Promise<HistoryItem[]> {
    const newest = this.#kept.map(({ item }) => item).reverse();
    const start = before === undefined ? 0 : newest.findIndex(({ id }) => id === before) + 1;
    // All items older than a dropped one are dropped too.
    const older = before !== undefined && start === 0 ? [] : newest.slice(start);
    return Promise.resolve(older.filter((item) => matchesSearch(item, search)).slice(0, limit));
  }

  describe(id: string): Promise<HistoryItem | undefined> {
    return Promise.resolve(this.#kept.find(({ item }) => item.id === id)?.item);
  }

  read(id: string): Promise<{ item: HistoryItem; content: Buffer } | undefined> {
    const found = this.#kept.find(({ item }) => item.id === id);
    return Promise.resolve(found && { item: found.item, content: this.#memory.read(found.region) });
  }

  find(digest: string, since: number): Promise<HistoryItem[]> {
    const found = this.#kept.map(({ item }) => item).filter((item) => item.digest === digest && item.time >= since);
    const last = found.at(-1);
    const images = found.filter(({ requestId }) => requestId === last?.requestId);
    return Promise.resolve(images.length === last?.count ? images : []);
  }

  clear(): Promise<void> {
    this.#kept.length = 0;
    this.#memory.clear();
    return Promise.resolve();
  }
}

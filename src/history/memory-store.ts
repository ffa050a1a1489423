import { randomUUID } from 'node:crypto';
import type { HistoryImage, HistoryItem, HistoryPage, HistoryStore } from './history-item.js';

/** What the memory holds at most. */
const [mostImages, mostBytes] = [40, 16_000_000];

interface Kept {
  item: HistoryItem;
  content: Buffer;
}

/** The newest images, gone at the end of the process. */
export class MemoryStore implements HistoryStore {
  /** The oldest first. */
  #kept: Kept[] = [];
  #bytes = 0;

  add(images: HistoryImage[]): void {
    for (const { content, ...image } of images) {
      if (content.length > mostBytes) continue;
      this.#kept.push({ item: { id: randomUUID(), ...image }, content });
      this.#bytes += content.length;
    }
    while (this.#kept.length > mostImages || this.#bytes > mostBytes)
      this.#bytes -= this.#kept.shift()?.content.length ?? 0;
  }

  list({ limit, before }: HistoryPage): Promise<HistoryItem[]> {
    const newest = this.#kept.map(({ item }) => item).reverse();
    const start = before === undefined ? 0 : newest.findIndex(({ id }) => id === before) + 1;
    // What follows an item that has left the memory has left it, too.
    return Promise.resolve(before !== undefined && start === 0 ? [] : newest.slice(start, start + limit));
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

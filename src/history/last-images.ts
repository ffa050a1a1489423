import { randomUUID } from 'node:crypto';
import { copyBytes } from './copy-bytes.js';
import type { HistoryImage, HistoryItem } from './history-item.js';

/** The most bytes of one image, and of all. */
const [mostOfOne, mostOfAll] = [2_000_000, 16_000_000];

/** An image with what is known of it. */
export interface KeptImage {
  item: HistoryItem;
  content: Buffer;
}

/** The last image of each node, where there is no history: just enough to be shown under it. */
export class LastImages {
  /** By the node's id, the longest unchanged first. */
  readonly #images = new Map<string, KeptImage>();

  /** Takes the place of the node's image before; an image that is too large leaves none. */
  keep(nodeId: string, { content, ...image }: HistoryImage): HistoryItem | undefined {
    this.#images.delete(nodeId);
    if (content.length > mostOfOne) return undefined;
    const item = { id: randomUUID(), ...image };
    this.#images.set(nodeId, { item, content: copyBytes(content) });
    let bytes = [...this.#images.values()].reduce((sum, kept) => sum + kept.content.length, 0);
    for (const [oldest, kept] of this.#images) {
      if (bytes <= mostOfAll) break;
      this.#images.delete(oldest);
      bytes -= kept.content.length;
    }
    return item;
  }

  read(id: string): KeptImage | undefined {
    return [...this.#images.values()].find(({ item }) => item.id === id);
  }

  forget(nodeId: string): void {
    this.#images.delete(nodeId);
  }

  clear(): void {
    this.#images.clear();
  }
}

import { webcrypto } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rm } from 'node:fs/promises';
import { parse } from 'node:path';
import type { Clock } from '../clock.js';
import { AppendLog } from '../spending/append-log.js';
import { dayName } from '../local-day.js';
import { copyBytes } from './copy-bytes.js';
import { type IndexedItem, indexName } from './day-index.js';
import { HistoryFolder, isDay } from './history-folder.js';
import {
  type HistoryImage,
  type HistoryItem,
  type HistoryPage,
  type HistoryStore,
  matchesSearch,
} from './history-item.js';
import { tidyFolder } from './tidy-folder.js';

/** Where images are kept, how many and for how long. */
export interface DiskStoreOptions {
  directory: string;
  /** The most that all images together may take, in bytes. */
  mostBytes: number;
  /** Days that an image is kept; absent = forever. */
  mostDays?: number;
  clock: Clock;
  /** Called once, when the disk takes no more images. */
  onFailure(cause: unknown): void;
}

/** An image that waits to be written, and who waits for that. */
interface QueuedImage {
  image: HistoryImage;
  settle(item?: HistoryItem): void;
}

/** The most bytes of images that wait for a slow disk; more are not kept. */
const mostWaiting = 128_000_000;

/**
 * Images as plain files: a folder a day, with an index of one line per image. The line is written before the bytes, so
 * that a file cut short by a crash is recognised. Nothing is read until it is needed; the event loop is never blocked.
 */
export class DiskStore implements HistoryStore {
  readonly #options: DiskStoreOptions;
  readonly #folder: HistoryFolder;
  readonly #queue: QueuedImage[] = [];
  #queuedBytes = 0;
  /** Whether a step that writes the queue is to come, or under way. */
  #isWriting = false;
  #tidying: Promise<void> | undefined;
  #isStopped = false;
  /** Bytes of all images, once known, and the day when the oldest were last checked. */
  #total: number | undefined;
  #trimmedOn = '';

  constructor(options: DiskStoreOptions) {
    this.#options = options;
    this.#folder = new HistoryFolder(options.directory);
  }

  add(images: HistoryImage[]): Promise<HistoryItem | undefined> {
    const [first] = images.map((image) => this.#enqueue(image));
    if (this.#queue.length > 0 && !this.#isWriting) {
      this.#isWriting = true;
      this.#folder.change(() => this.#writeQueue()).catch(() => undefined);
    }
    return first ?? Promise.resolve(undefined);
  }

  async list(page: HistoryPage): Promise<HistoryItem[]> {
    await this.#folder.changed;
    const items = await this.#collect(page);
    this.#tidying ??= tidyFolder(this.#folder).catch(() => undefined);
    return items;
  }

  async #collect({ limit, before, search }: HistoryPage): Promise<HistoryItem[]> {
    const items: HistoryItem[] = [];
    const [lastDay = ''] = before?.split('/') ?? [];
    for (const day of (await this.#folder.days()).reverse()) {
      if (before !== undefined && day > lastDay) continue;
      const index = await this.#folder.readIndex(day);
      for (const item of index.newestFirst(day === lastDay ? before : undefined)) {
        if (items.length >= limit) return items;
        if (matchesSearch(item, search) && (await this.#folder.isWhole(item))) items.push(item);
      }
    }
    return items;
  }

  async describe(id: string): Promise<HistoryItem | undefined> {
    const item = await this.#get(id);
    return item && (await this.#folder.isWhole(item)) ? item : undefined;
  }

  async read(id: string): Promise<{ item: HistoryItem; content: Buffer } | undefined> {
    const item = await this.#get(id);
    const content = item && (await readFile(this.#folder.imagePath(item)).catch(() => undefined));
    return item && content?.length === item.bytes ? { item, content } : undefined;
  }

  async find(digest: string, since: number): Promise<HistoryItem[]> {
    await this.#folder.changed;
    const firstDay = dayName(since);
    for (const day of (await this.#folder.days()).reverse()) {
      if (day < firstDay) return [];
      const items = (await this.#folder.readIndex(day)).find(digest);
      const [first] = items;
      if (first) return first.time >= since && items.length === first.count ? items : [];
    }
    return [];
  }

  clear(): Promise<void> {
    return this.#folder.change(async () => {
      for (const day of await this.#folder.days()) await this.#folder.removeDay(day);
      this.#total = undefined;
    });
  }

  /** An id is only a key: the path is built from the index. */
  async #get(id: string): Promise<HistoryItem | undefined> {
    await this.#folder.changed;
    const [day = ''] = id.split('/');
    return isDay(day) ? (await this.#folder.readIndex(day)).get(id) : undefined;
  }

  #enqueue(image: HistoryImage): Promise<HistoryItem | undefined> {
    if (!this.#isStopped && this.#queuedBytes + image.bytes > mostWaiting)
      this.#refuse(new Error('the disk is too slow'));
    if (this.#isStopped) return Promise.resolve(undefined);
    this.#queuedBytes += image.bytes;
    const copy = { ...image, content: copyBytes(image.content) };
    return new Promise((settle) => this.#queue.push({ image: copy, settle }));
  }

  async #writeQueue(): Promise<void> {
    const logs = new Map<string, AppendLog>();
    try {
      for (let next = this.#queue[0]; next; next = this.#queue[0]) {
        const { image, settle } = next;
        const day = dayName(image.time);
        const log = logs.get(day) ?? new AppendLog(this.#folder.path(day, indexName));
        logs.set(day, log);
        settle(await this.#write(day, image, log));
        this.#queue.shift();
        this.#queuedBytes -= image.bytes;
      }
      this.#isWriting = false;
      await this.#trim();
    } catch (error) {
      this.#stop(error);
    } finally {
      await Promise.all([...logs.values()].map((log) => log.close().catch(() => undefined)));
    }
  }

  async #write(day: string, { content, ...image }: HistoryImage, log: AppendLog): Promise<HistoryItem> {
    await mkdir(this.#folder.path(day), { recursive: true, mode: 0o700 });
    const { filename, handle } = await this.#createFile(day, image.filename);
    const item: HistoryItem = { id: `${day}/${filename}`, ...image, filename };
    try {
      const hash = await webcrypto.subtle.digest('SHA-256', content);
      const sha256 = Buffer.from(hash).toString('hex');
      const line: IndexedItem = { v: 1, ...item, sha256 };
      await log.append(`${JSON.stringify(line)}\n`);
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
    if (this.#total !== undefined) this.#total += content.length;
    return item;
  }

  /** Creates the file under a free name: two images may come in one second. */
  async #createFile(day: string, wanted: string): Promise<{ filename: string; handle: FileHandle }> {
    const { base, name, ext } = parse(wanted);
    for (let number = 1; ; number++) {
      const filename = number === 1 ? base : `${name}-${number}${ext}`;
      try {
        return { filename, handle: await open(this.#folder.path(day, filename), 'wx', 0o600) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }

  /** Removes the oldest days, then the oldest images of today, until all limits are met. */
  async #trim(): Promise<void> {
    const { mostBytes, mostDays, clock } = this.#options;
    const today = dayName(clock.now());
    this.#total ??= await this.#folder.measure();
    if (this.#total <= mostBytes && this.#trimmedOn === today) return;
    this.#trimmedOn = today;
    const firstDay = mostDays === undefined ? '' : dayName(clock.now() - mostDays * 24 * 3600_000);
    const days = await this.#folder.days();
    for (const day of days) {
      if (day >= firstDay && this.#total <= mostBytes) return;
      if (day === days.at(-1)) await this.#removeOldest(day);
      else this.#total -= await this.#folder.removeDay(day);
    }
  }

  async #removeOldest(day: string): Promise<void> {
    const oldestFirst = [...(await this.#folder.readIndex(day)).newestFirst()].reverse();
    for (const item of oldestFirst) {
      if ((this.#total ?? 0) <= this.#options.mostBytes) return;
      if (await this.#folder.isWhole(item)) {
        await rm(this.#folder.imagePath(item), { force: true });
        this.#total = (this.#total ?? 0) - item.bytes;
      }
    }
  }

  #stop(cause: unknown): void {
    for (const { settle } of this.#queue.splice(0)) settle();
    this.#refuse(cause);
  }

  /** Takes no more images; those that wait are still written. */
  #refuse(cause: unknown): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#options.onFailure(cause);
  }
}

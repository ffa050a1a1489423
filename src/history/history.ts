import { randomUUID } from 'node:crypto';
import type { Service } from '../api/services.js';
import type { Clock } from '../clock.js';
import { defined } from '../defined.js';
import type { GeneratedImage, Generation, GenerationRequest } from '../generation.js';
import type { HistoryImage, HistoryItem, HistoryPage, HistoryStore } from './history-item.js';
import { LastImages } from './last-images.js';
import { MemoryStore } from './memory-store.js';
import { toGeneratedImage, toHistoryImages } from './to-history-images.js';

/** Where images are kept. */
export interface HistorySettings {
  history: 'off' | 'memory' | 'disk';
  /** The most on disk, in megabytes. */
  historyMegabytes: number;
  /** Days that an image is kept on disk; absent = forever. */
  historyDays?: number;
}

/** What is recorded with a generation. */
export interface RecordOptions {
  nodeId?: string;
  digest?: string;
  /** Of the account; absent = whatever the account has now. */
  service?: Service;
  /** Where the history is off, the last image of the node stays to be looked at. */
  keepsLast?: boolean;
}

/** The images of a request that was made before. */
export interface FoundImages {
  first: HistoryItem;
  images: GeneratedImage[];
}

/** What a history depends on. */
export interface HistoryOptions {
  clock: Clock;
  /** Opens the store on disk; where there is none, `disk` behaves like `memory`. */
  openDisk?: (settings: HistorySettings) => HistoryStore | undefined;
}

/** The images that an account has received, unchanged: they are paid for, and a flow may lose them. */
export class History {
  readonly #options: HistoryOptions;
  readonly #listeners = new Set<() => void>();
  readonly #recorders = new Set<(images: HistoryImage[]) => void>();
  /** Drafts, and where the history is off the last images. */
  readonly #last = new LastImages();
  #settings: HistorySettings;
  #store: HistoryStore | undefined;
  /** The last call of `find`, which the next one waits for. */
  #finding: Promise<void> = Promise.resolve();

  constructor(settings: HistorySettings, options: HistoryOptions) {
    this.#options = options;
    this.#settings = settings;
    this.#store = this.#open(settings);
  }

  /** A new store starts empty, or with what is on disk. */
  configure(settings: HistorySettings): void {
    const { history, historyMegabytes, historyDays } = this.#settings;
    const isSame = settings.historyMegabytes === historyMegabytes && settings.historyDays === historyDays;
    if (settings.history === history && (isSame || history !== 'disk')) return;
    this.#settings = settings;
    this.#store = this.#open(settings);
    this.#changed();
  }

  get isOn(): boolean {
    return this.#store !== undefined;
  }

  /** Whether images outlive the process. */
  get isOnDisk(): boolean {
    return this.isOn && !(this.#store instanceof MemoryStore);
  }

  /** Days that an image is kept; undefined = for as long as there is room. */
  get mostDays(): number | undefined {
    return this.isOnDisk ? this.#settings.historyDays : undefined;
  }

  /**
   * Keeps copies of the images of a request, without a need to wait for it; resolves with the first of them once it is
   * kept, with undefined where it is not.
   */
  async record(
    request: GenerationRequest,
    generation: Generation,
    { nodeId, digest, service, keepsLast = false }: RecordOptions = {},
  ): Promise<HistoryItem | undefined> {
    if (!this.#store && !(keepsLast && nodeId !== undefined)) return undefined;
    const details = {
      time: this.#options.clock.now(),
      requestId: randomUUID(),
      ...defined({ nodeId, digest, service }),
    };
    const images = toHistoryImages(request, generation, details);
    if (!this.#store) return images[0] && this.#last.keep(nodeId ?? '', images[0]);
    if (nodeId !== undefined) this.#last.forget(nodeId);
    for (const recorder of this.#recorders) recorder(images);
    const kept = this.#store.add(images);
    this.#changed();
    return kept;
  }

  /** Keeps a partial image only to be looked at, until the node's next one; undefined where it is too large. */
  keepDraft(request: GenerationRequest, image: GeneratedImage, nodeId: string): HistoryItem | undefined {
    const details = { time: this.#options.clock.now(), requestId: randomUUID(), nodeId };
    const [draft] = toHistoryImages(request, { images: [image] }, details);
    return draft && this.#last.keep(nodeId, draft);
  }

  /** The newest images first. */
  async list(page: HistoryPage): Promise<HistoryItem[]> {
    return (await this.#store?.list(page)) ?? [];
  }

  /** What is known of an image; undefined where it is gone. */
  async describe(id: string): Promise<HistoryItem | undefined> {
    return this.#last.read(id)?.item ?? (await this.#store?.describe(id));
  }

  /** An image as it was received; undefined where it no longer exists. The bytes must not be changed. */
  async get(id: string): Promise<{ bytes: Buffer; item: HistoryItem } | undefined> {
    const found = this.#last.read(id) ?? (await this.#store?.read(id));
    return found && { bytes: found.content, item: found.item };
  }

  /**
   * The newest request with that digest within so many milliseconds; undefined where there is none. The bytes are only
   * to be read. Resolves in the order of the calls, so that requests stay in order.
   */
  find(digest: string, within: number): Promise<FoundImages | undefined> {
    const found = this.#finding.then(() => this.#find(digest, within));
    this.#finding = found.then(ignore, ignore);
    return found;
  }

  async #find(digest: string, within: number): Promise<FoundImages | undefined> {
    const store = this.#store;
    if (!store) return undefined;
    const items = await store.find(digest, this.#options.clock.now() - within);
    const found = await Promise.all(items.map(({ id }) => store.read(id)));
    const images = found.flatMap((kept) => (kept ? [toGeneratedImage(kept.item, kept.content)] : []));
    return items[0] && images.length === found.length ? { first: items[0], images } : undefined;
  }

  /** Deletes all images. */
  async clear(): Promise<void> {
    this.#last.clear();
    await this.#store?.clear();
    this.#changed();
  }

  /** Calls the listener after each change; the returned function removes it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Calls the listener with the images of each request that is recorded; the returned function removes it. */
  onRecord(listener: (images: HistoryImage[]) => void): () => void {
    this.#recorders.add(listener);
    return () => void this.#recorders.delete(listener);
  }

  #open(settings: HistorySettings): HistoryStore | undefined {
    if (settings.history === 'off') return undefined;
    const disk = settings.history === 'disk' ? this.#options.openDisk?.(settings) : undefined;
    return disk ?? new MemoryStore();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

function ignore(): void {
  // The caller has the result or the error; the next call only waits for the end.
}

import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import { defined } from '../defined.js';
import { type GeneratedImage, type Generation, type GenerationRequest, readMode } from '../generation.js';
import { nameFile } from '../image/file-name.js';
import { copyBytes } from './copy-bytes.js';
import type { HistoryImage, HistoryItem, HistoryPage, HistoryStore } from './history-item.js';
import { MemoryStore } from './memory-store.js';

/** Where images are kept. */
export interface HistorySettings {
  history: 'off' | 'memory' | 'disk';
  /** The most on disk, in megabytes. */
  historyMegabytes: number;
  /** Days that an image stays on disk; absent = for ever. */
  historyDays?: number;
}

/** What a generation is recorded with. */
export interface RecordOptions {
  nodeId?: string;
  digest?: string;
}

export interface HistoryOptions {
  clock: Clock;
  /** Opens the store on disk; where there is none, `disk` is as `memory`. */
  openDisk?: (settings: HistorySettings) => HistoryStore | undefined;
}

/** The images that an account has received, as they were received: flows may lose them, and they are paid for. */
export class History {
  readonly #options: HistoryOptions;
  readonly #listeners = new Set<() => void>();
  #settings: HistorySettings;
  #store: HistoryStore | undefined;

  constructor(settings: HistorySettings, options: HistoryOptions) {
    this.#options = options;
    this.#settings = settings;
    this.#store = this.#open(settings);
  }

  /** Another place starts empty, or with what is on disk. */
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

  /** Keeps the images of a request; returns at once. Their bytes are copied: a flow may change those that it gets. */
  record(request: GenerationRequest, generation: Generation, { nodeId, digest }: RecordOptions = {}): void {
    if (!this.#store) return;
    const [time, requestId] = [this.#options.clock.now(), randomUUID()];
    const { images, model = request.model, cost, currency, durationMs } = generation;
    const { prompt, size, seed } = request;
    const share = cost === undefined ? undefined : cost / images.length;
    const shared = { time, prompt, mode: readMode(request), requestId, count: images.length };
    this.#store.add(
      images.map((image, index) => ({
        ...toImage(prompt, image, { ...shared, index }),
        ...defined({
          nodeId,
          digest,
          model,
          size,
          seed,
          durationMs,
          cost: share,
          currency: share === undefined ? undefined : currency,
        }),
      })),
    );
    this.#changed();
  }

  /** The newest images first. */
  async list(page: HistoryPage): Promise<HistoryItem[]> {
    return (await this.#store?.list(page)) ?? [];
  }

  /** An image as it was received; undefined where it is gone. The bytes are only to be read. */
  async get(id: string): Promise<{ bytes: Buffer; mime: string; filename: string } | undefined> {
    const found = await this.#store?.read(id);
    return found && { bytes: found.content, mime: found.item.mime, filename: found.item.filename };
  }

  /** The images of the newest request with that digest within so many milliseconds; undefined where there is none. The bytes are only to be read. */
  async find(digest: string, within: number): Promise<GeneratedImage[] | undefined> {
    const store = this.#store;
    if (!store) return undefined;
    const items = await store.find(digest, this.#options.clock.now() - within);
    const found = await Promise.all(items.map(({ id }) => store.read(id)));
    const images = found.flatMap((kept) => (kept ? [toGeneratedImage(kept.item, kept.content)] : []));
    return images.length > 0 && images.length === found.length ? images : undefined;
  }

  /** Deletes all images. */
  async clear(): Promise<void> {
    await this.#store?.clear();
    this.#changed();
  }

  /** Calls the listener after each change; the returned function ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
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

function toImage(
  prompt: string,
  { bytes, mime, extension, width, height, revisedPrompt }: GeneratedImage,
  shared: Pick<HistoryItem, 'time' | 'prompt' | 'mode' | 'requestId' | 'index' | 'count'>,
): HistoryImage {
  return {
    ...shared,
    ...{ bytes: bytes.length, mime, extension },
    ...defined({ width, height, revisedPrompt }),
    filename: nameFile(prompt, { ...shared, extension }),
    content: copyBytes(bytes),
  };
}

function toGeneratedImage(item: HistoryItem, content: Buffer): GeneratedImage {
  const { mime, extension, width, height, revisedPrompt } = item;
  return { bytes: content, mime, extension, ...defined({ width, height, revisedPrompt }) };
}

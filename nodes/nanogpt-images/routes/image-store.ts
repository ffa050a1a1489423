import { randomUUID } from 'node:crypto';

/** An image with its type. */
export interface StoredImage {
  bytes: Buffer;
  mime: string;
}

/** How many images and bytes are kept, and each for how many milliseconds. */
export interface Bounds {
  count: number;
  bytes: number;
  time: number;
}

/** Keeps the newest images in memory for a while. */
export class ImageStore {
  readonly #bounds: Bounds;
  readonly #now: () => number;
  /** The oldest first. */
  readonly #kept = new Map<string, StoredImage & { until: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(bounds: Bounds, now: () => number = Date.now) {
    this.#bounds = bounds;
    this.#now = now;
  }

  /** Returns an unguessable id for the image. */
  keep({ bytes, mime }: StoredImage): string {
    const id = randomUUID();
    this.#kept.set(id, { bytes, mime, until: this.#now() + this.#bounds.time });
    this.#drop();
    return id;
  }

  /** Undefined where there is none with that id. */
  find(id: string): StoredImage | undefined {
    this.#drop();
    return this.#kept.get(id);
  }

  forget(id: string): void {
    this.#kept.delete(id);
  }

  /** Drops what exceeds the bounds, and the rest when its time is up. */
  #drop(): void {
    let bytes = [...this.#kept.values()].reduce((sum, image) => sum + image.bytes.length, 0);
    for (const [id, image] of this.#kept) {
      const isFine = this.#kept.size <= this.#bounds.count && bytes <= this.#bounds.bytes && this.#now() < image.until;
      if (isFine) break;
      this.#kept.delete(id);
      bytes -= image.bytes.length;
    }
    clearTimeout(this.#timer);
    if (this.#kept.size > 0) this.#timer = setTimeout(() => this.#drop(), this.#bounds.time).unref();
  }
}

/** The images of tries, for the dialogs that are open. */
export const triedImages = new ImageStore({ count: 40, bytes: 64_000_000, time: 10 * 60_000 });

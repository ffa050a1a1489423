import { randomUUID } from 'node:crypto';

/** A picture as it is handed out. */
export interface KeptPicture {
  bytes: Buffer;
  mime: string;
}

/** How many pictures are kept, how many bytes of them, and for how many milliseconds each. */
export interface Bounds {
  count: number;
  bytes: number;
  time: number;
}

/** Keeps the newest pictures in memory for a while. */
export class PictureStore {
  readonly #bounds: Bounds;
  readonly #now: () => number;
  /** The oldest first. */
  readonly #kept = new Map<string, KeptPicture & { until: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(bounds: Bounds, now: () => number = Date.now) {
    this.#bounds = bounds;
    this.#now = now;
  }

  /** Gives the id, which nobody can guess, under which the picture is found. */
  keep({ bytes, mime }: KeptPicture): string {
    const id = randomUUID();
    this.#kept.set(id, { bytes, mime, until: this.#now() + this.#bounds.time });
    this.#drop();
    return id;
  }

  /** Undefined where there is none of that id any more. */
  find(id: string): KeptPicture | undefined {
    this.#drop();
    return this.#kept.get(id);
  }

  /** Drops what is over the bounds, and comes back for the rest when its time is up. */
  #drop(): void {
    let bytes = [...this.#kept.values()].reduce((sum, picture) => sum + picture.bytes.length, 0);
    for (const [id, picture] of this.#kept) {
      const isFine = this.#kept.size <= this.#bounds.count && bytes <= this.#bounds.bytes && this.#now() < picture.until;
      if (isFine) break;
      this.#kept.delete(id);
      bytes -= picture.bytes.length;
    }
    clearTimeout(this.#timer);
    if (this.#kept.size > 0) this.#timer = setTimeout(() => this.#drop(), this.#bounds.time).unref();
  }
}

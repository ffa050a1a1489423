/** A part of the memory that holds one image. */
export interface Region {
  start: number;
  end: number;
}

/**
 * Memory for images that come and go: one piece, of which no more is touched than is needed. A Buffer for each image
 * would be fetched from the system and given back with each message, and keep the garbage collector busy.
 */
export class ImageMemory {
  readonly #size: number;
  /** By their start. */
  readonly #taken: Region[] = [];
  #memory: Buffer | undefined;

  /** `size` is in bytes. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Copies the bytes to the first gap that is large enough; undefined where there is none. */
  put(bytes: Buffer): Region | undefined {
    let start = 0;
    let index = 0;
    for (; index < this.#taken.length; index += 1) {
      const next = this.#taken[index]!;
      if (next.start - start >= bytes.length) break;
      start = next.end;
    }
    if (start + bytes.length > this.#size) return undefined;
    this.#memory ??= Buffer.allocUnsafeSlow(this.#size);
    bytes.copy(this.#memory, start);
    const region = { start, end: start + bytes.length };
    this.#taken.splice(index, 0, region);
    return region;
  }

  /** A copy of what a region holds. */
  read({ start, end }: Region): Buffer {
    const copy = Buffer.allocUnsafeSlow(end - start);
    this.#memory?.copy(copy, 0, start, end);
    return copy;
  }

  free(region: Region): void {
    this.#taken.splice(this.#taken.indexOf(region), 1);
  }

  /** Frees everything and gives the memory back to the system. */
  clear(): void {
    this.#taken.length = 0;
    this.#memory = undefined;
  }
}

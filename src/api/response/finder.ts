/** Finds a byte in a chunk, from increasing positions, without searching any part twice. */
export class Finder {
  readonly #chunk: Buffer;
  readonly #byte: number;
  #next = -1;

  constructor(chunk: Buffer, byte: number) {
    this.#chunk = chunk;
    this.#byte = byte;
  }

  /** The next position of the byte, from a position on; the chunk's length where there is none. */
  from(position: number): number {
    if (this.#next < position) {
      const found = this.#chunk.indexOf(this.#byte, position);
      this.#next = found === -1 ? this.#chunk.length : found;
    }
    return this.#next;
  }
}

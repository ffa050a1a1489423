/** Finds a byte in a chunk, from positions that only grow, without searching any stretch twice. */
export class Finder {
  readonly #chunk: Buffer;
  readonly #byte: number;
  #next = -1;

  constructor(chunk: Buffer, byte: number) {
    this.#chunk = chunk;
    this.#byte = byte;
  }

  /** Where the byte stands at or behind a position; the chunk's length where it does not. */
  from(position: number): number {
    if (this.#next < position) {
      const found = this.#chunk.indexOf(this.#byte, position);
      this.#next = found === -1 ? this.#chunk.length : found;
    }
    return this.#next;
  }
}

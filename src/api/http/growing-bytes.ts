/** Bytes in one piece of memory that grows; what is over the cap makes them worthless. */
export class GrowingBytes {
  readonly #cap: number;
  #bytes = Buffer.allocUnsafe(4096);
  #length = 0;

  constructor(cap: number) {
    this.#cap = cap;
  }

  append(bytes: Buffer): void {
    const length = this.#length + bytes.length;
    if (this.#length > this.#cap) return;
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#length));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    bytes.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  /** '' where there was too much. */
  toString(): string {
    return this.#length > this.#cap ? '' : this.#bytes.toString('utf8', 0, this.#length);
  }
}

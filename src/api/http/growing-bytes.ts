/** As much as most answers hold besides their images; so short a Buffer costs no memory of its own. */
const firstLength = 1024;

/** Bytes in one piece of memory that grows up to a cap; from the first piece that is over it nothing more is kept. */
export class GrowingBytes {
  readonly #cap: number;
  #bytes = Buffer.allocUnsafe(firstLength);
  #length = 0;
  #isOver = false;

  constructor(cap: number) {
    this.#cap = cap;
  }

  /** Whether something is missing at the end. */
  get isOver(): boolean {
    return this.#isOver;
  }

  append(bytes: Buffer): void {
    const length = this.#length + bytes.length;
    this.#isOver ||= length > this.#cap;
    if (this.#isOver) return;
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#length));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    bytes.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  toString(): string {
    return this.#bytes.toString('utf8', 0, this.#length);
  }
}

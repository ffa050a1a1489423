/** Holes up to this many are left, however few items there are. */
const fewHoles = 32;

/**
 * What is under way, in the order it came. When V8 enlarges the table of a Map or a Set, the old table keeps what stood
 * in it and refers to the new one; where entries come and go, all of them then wait for a collection of the whole heap.
 */
export class ActiveList<T extends object | string> {
  /** What has gone leaves a hole: closing it at once would move all that came later. */
  #items: (T | undefined)[] = [];
  /** Before this index there are only holes. */
  #first = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** What is in it now: what comes or goes meanwhile changes nothing. */
  [Symbol.iterator](): Iterator<T> {
    return this.#present().values();
  }

  add(item: T): void {
    this.#items.push(item);
    this.#size += 1;
  }

  has(item: T): boolean {
    return this.#items.includes(item, this.#first);
  }

  /** Whether it was there. */
  delete(item: T): boolean {
    const index = this.#items.indexOf(item, this.#first);
    if (index < 0) return false;
    this.#items[index] = undefined;
    this.#size -= 1;
    if (index === this.#first) this.#first += 1;
    if (this.#items.length > 2 * this.#size + fewHoles) {
      this.#items = this.#present();
      this.#first = 0;
    }
    return true;
  }

  #present(): T[] {
    return this.#items.filter((item) => item !== undefined);
  }
}

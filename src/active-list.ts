/**
 * What is under way, in the order it came. When V8 enlarges the table of a Map or a Set, the old table keeps what stood
 * in it and refers to the new one; where entries come and go, all of them then wait for a collection of the whole heap.
 */
export class ActiveList<T> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** What is in it now: what comes or goes meanwhile changes nothing. */
  [Symbol.iterator](): Iterator<T> {
    return [...this.#items].values();
  }

  add(item: T): void {
    this.#items.push(item);
  }

  has(item: T): boolean {
    return this.#items.includes(item);
  }

  /** Whether it was there. */
  delete(item: T): boolean {
    const index = this.#items.indexOf(item);
    // The first is the one that goes, as a rule, and taking it moves none of the others.
    if (index === 0) this.#items.shift();
    else if (index > 0) this.#items.splice(index, 1);
    return index >= 0;
  }
}

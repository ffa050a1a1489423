import { Refused } from './provoked.js';

/** Millionths, so that a thousand small prices add up exactly. */
const parts = 1_000_000;

/** Play money: a balance that goes down with every picture. A new start of the service fills it again. */
export class Purse {
  #left = 1000 * parts;
  #pictures = 0;

  get balance(): number {
    return this.#left / parts;
  }

  /** Pictures paid for so far. */
  get pictures(): number {
    return this.#pictures;
  }

  /**
   * The amount, rounded to what can be paid.
   *
   * @throws Refused with 402 where there is less left.
   */
  check(amount: number): number {
    const cost = Math.round(amount * parts);
    if (cost > this.#left)
      throw new Refused({ status: 402, body: { error: 'Insufficient balance', requiredBalance: cost / parts, status: 402 } });
    return cost / parts;
  }

  pay(amount: number, pictures: number): void {
    this.#left -= Math.round(amount * parts);
    this.#pictures += pictures;
  }
}

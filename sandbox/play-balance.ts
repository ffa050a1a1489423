import { HttpError } from './simulated-errors.js';

/** Millionths, so that a thousand small prices add up exactly. */
const parts = 1_000_000;

/** Play money: a balance that goes down with every image and is full again when the service starts. */
export class PlayBalance {
  #left = 1000 * parts;

  get amount(): number {
    return this.#left / parts;
  }

  /**
   * The amount, rounded to what can be paid.
   *
   * @throws HttpError with 402 where less is left.
   */
  check(amount: number): number {
    const cost = Math.round(amount * parts);
    if (cost > this.#left)
      throw new HttpError({
        status: 402,
        body: { error: 'Insufficient balance', requiredBalance: cost / parts, status: 402 },
      });
    return cost / parts;
  }

  pay(amount: number): void {
    this.#left -= Math.round(amount * parts);
  }
}

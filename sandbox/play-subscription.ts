import type { Clock } from '../src/clock.js';

const day = 86_400_000;

/** Images a day that are included, as NanoGPT was seen to allow. */
const imagesPerDay = 100;

/** A subscription in play, which covers some images each day (UTC). */
export class PlaySubscription {
  readonly #clock: Clock;
  #used = 0;
  #day = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes images out of what today allows; false where that is not enough. */
  take(images: number): boolean {
    this.#begin();
    if (this.#used + images > imagesPerDay) return false;
    this.#used += images;
    return true;
  }

  /** In the words of NanoGPT's usage route (NanoGPT docs: subscription usage). */
  usage(): object {
    this.#begin();
    const resetAt = (this.#day + 1) * day;
    return {
      active: true,
      state: 'active',
      limits: { dailyImages: imagesPerDay },
      dailyImages: { used: this.#used, remaining: imagesPerDay - this.#used, resetAt },
    };
  }

  #begin(): void {
    const today = Math.floor(this.#clock.now() / day);
    if (today !== this.#day) this.#used = 0;
    this.#day = today;
  }
}

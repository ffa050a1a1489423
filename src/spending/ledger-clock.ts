import type { Clock } from '../clock.js';

/** A longer jump is not a machine that slept: the clock was wrong before, or is wrong now. In milliseconds. */
const leastJump = 7 * 24 * 3600_000;

/** The time that spending is counted at; notices when the machine's clock is set far ahead or back. */
export class LedgerClock {
  readonly #clock: Clock;
  readonly #onJump: (from: number, to: number) => void;
  #offset: number;

  constructor(clock: Clock, onJump: (from: number, to: number) => void) {
    this.#clock = clock;
    this.#onJump = onJump;
    this.#offset = clock.now() - clock.monotonic();
  }

  /** Milliseconds since the epoch. */
  now(): number {
    const [now, monotonic] = [this.#clock.now(), this.#clock.monotonic()];
    const from = monotonic + this.#offset;
    this.#offset = now - monotonic;
    if (Math.abs(now - from) >= leastJump) this.#onJump(from, now);
    return now;
  }
}

import { namePeriods, type PeriodNames, periodsAround } from './periods.js';

/**
 * The time of Redis, as far as it is known here, and its periods in the time zone of the cluster. It goes on with the
 * monotonic clock, so that nothing happens where the one of this machine is set.
 */
export class RedisClock {
  readonly #timezone: string;
  #offset = Date.now() - performance.now();

  constructor(timezone: string) {
    this.#timezone = timezone;
  }

  now(): number {
    return performance.now() + this.#offset;
  }

  /** Takes what Redis says that it is. */
  set(now: number): void {
    this.#offset = now - performance.now();
  }

  /** When it is that time of Redis by the clock of this machine. */
  toLocal(time: number): number {
    return Date.now() + time - this.now();
  }

  /** The names of the periods that a time of Redis lies in. */
  namePeriods(time: number): PeriodNames {
    return namePeriods(time, this.#timezone);
  }

  /** The names around now, of which Redis chooses by its own clock. */
  periodsAroundNow(): Record<string, PeriodNames> {
    return periodsAround(this.now(), this.#timezone);
  }
}

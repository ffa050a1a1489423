import { namePeriods, type PeriodNames, periodsAround } from './periods.js';

/** The time of Redis, as far as it is known here, and its periods in the time zone of the cluster. */
export class RedisClock {
  readonly #timezone: string;
  #offset = 0;

  constructor(timezone: string) {
    this.#timezone = timezone;
  }

  now(): number {
    return Date.now() + this.#offset;
  }

  /** Takes what Redis says that it is. */
  set(now: number): void {
    this.#offset = now - Date.now();
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

import type { Entry } from './ledger.js';

export type Period = 'hour' | 'day' | 'month';

/** What an account has spent in the running periods, local time, in its currency. */
export interface Spending {
  hour: number;
  day: number;
  month: number;
  /** This month, by model; '' = the service's default. */
  byModel: Record<string, number>;
  /** Requests of this month whose cost is not known; where there was an estimate, that counts in the sums. */
  unknown: number;
}

/** The name of the period that a time lies in, local time; names of one kind are equal exactly within one period. */
export function periodOf(period: Period, time: number): string {
  const date = new Date(time);
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate(), date.getHours()];
  return `${period} ${parts.slice(0, { month: 2, day: 3, hour: 4 }[period]).join('-')}`;
}

/** When the period ends that a time lies in, in milliseconds since the epoch. */
export function periodEnd(period: Period, time: number): number {
  const date = new Date(time);
  const [year, month, day, hour] = [date.getFullYear(), date.getMonth(), date.getDate(), date.getHours()];
  return {
    hour: new Date(year, month, day, hour + 1),
    day: new Date(year, month, day + 1),
    month: new Date(year, month + 1, 1),
  }[period].getTime();
}

interface ModelSums {
  spent: number;
  /** Pictures and their cost where that is known. */
  pictures: number;
  cost: number;
}

/** The sums of an account's requests, kept up to date entry by entry. */
export class Tally {
  readonly #sums = new Map<string, number>();
  readonly #models = new Map<string, ModelSums>();
  #unknown = 0;
  /** The month that is counted, as a number that grows. */
  #month = 0;

  /** Counts an entry as it stands; `sign` -1 takes it out again before it changes. */
  add(entry: Entry, sign: 1 | -1 = 1): void {
    this.#turn(entry.time);
    if (monthNumber(entry.time) !== this.#month) return;
    const amount = amountOf(entry);
    for (const period of ['hour', 'day', 'month'] as const) {
      const name = periodOf(period, entry.time);
      this.#sums.set(name, (this.#sums.get(name) ?? 0) + sign * amount);
    }
    const sums = this.#models.get(entry.model) ?? { spent: 0, pictures: 0, cost: 0 };
    const cost = costOf(entry);
    this.#models.set(entry.model, {
      spent: sums.spent + sign * amount,
      pictures: sums.pictures + (cost === undefined ? 0 : sign * entry.n),
      cost: sums.cost + sign * (cost ?? 0),
    });
    if (entry.booking && entry.booking.at !== 'free' && cost === undefined) this.#unknown += sign;
  }

  /** What was spent, and is reserved, in the period that a time lies in. */
  spentIn(period: Period, time: number): number {
    return this.#sums.get(periodOf(period, time)) ?? 0;
  }

  /** What a picture of a model has cost on average; undefined where nothing is known. */
  averageOf(model: string): number | undefined {
    const sums = this.#models.get(model);
    return sums && sums.pictures > 0 ? sums.cost / sums.pictures : undefined;
  }

  at(time: number): Spending {
    this.#turn(time);
    return {
      hour: round(this.spentIn('hour', time)),
      day: round(this.spentIn('day', time)),
      month: round(this.spentIn('month', time)),
      byModel: Object.fromEntries([...this.#models].filter(([, { spent }]) => spent > 0).map(([model, { spent }]) => [model, round(spent)])),
      unknown: this.#unknown,
    };
  }

  /** A new month begins with empty sums. */
  #turn(time: number): void {
    if (monthNumber(time) <= this.#month) return;
    this.#month = monthNumber(time);
    this.#sums.clear();
    this.#models.clear();
    this.#unknown = 0;
  }
}

function monthNumber(time: number): number {
  const date = new Date(time);
  return date.getFullYear() * 12 + date.getMonth();
}

/** The known cost in the account's currency. */
function costOf({ booking, currency }: Entry): number | undefined {
  if (booking?.at !== 'paid' || (booking.currency !== undefined && booking.currency !== currency)) return undefined;
  return booking.cost;
}

/** What counts against a budget: the cost, else the estimate. */
function amountOf(entry: Entry): number {
  return entry.booking?.at === 'free' ? 0 : (costOf(entry) ?? entry.estimate ?? 0);
}

/** Without the noise of binary fractions: to a millionth. */
function round(amount: number): number {
  return Math.round(amount * 1e6) / 1e6;
}

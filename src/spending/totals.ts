import type { LedgerEntry } from './ledger-file.js';

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

/** When the period ends that a time lies in, local time, in milliseconds since the epoch. An hour that the clock repeats is one. */
export function periodEnd(period: Period, time: number): number {
  const date = new Date(time);
  const [year, month, day, hour] = [date.getFullYear(), date.getMonth(), date.getDate(), date.getHours()];
  return {
    hour: new Date(year, month, day, hour + 1),
    day: new Date(year, month, day + 1),
    month: new Date(year, month + 1, 1),
  }[period].getTime();
}

/** The names of the periods that a time lies in; names are equal exactly within one period. */
type PeriodNames = Record<Period, string>;

interface MonthSums {
  /** By the names of its periods. */
  periods: Map<string, number>;
  models: Map<string, number>;
  unknown: number;
}

/** What is known of a model's price. */
interface Experience {
  images: number;
  cost: number;
}

/** As many as it takes to go on when a clock is set back over a turn of the month. */
const monthsKept = 3;

/** The sums of an account's requests, kept up to date entry by entry. */
export class SpendingTotals {
  readonly #months = new Map<string, MonthSums>();
  readonly #models = new Map<string, Experience>();
  #hour: { from: number; to: number; names: PeriodNames } | undefined;

  /** Counts an entry as it stands; `sign` -1 takes it out again before it changes. */
  add(entry: LedgerEntry, sign: 1 | -1 = 1): void {
    const names = this.#namesAt(entry.time);
    const month = this.#monthOf(names);
    const cost = costOf(entry);
    const amount = sign * amountOf(entry, cost);
    for (const name of [names.hour, names.day, names.month]) increase(month.periods, name, amount);
    increase(month.models, entry.model, amount);
    if (entry.booking && entry.booking.at !== 'free' && cost === undefined) month.unknown += sign;
    if (cost !== undefined) this.#learn(entry, sign * cost, sign * entry.n);
  }

  /** What was spent, and is reserved, in the period that a time lies in. */
  spentIn(period: Period, time: number): number {
    const names = this.#namesAt(time);
    return this.#months.get(names.month)?.periods.get(names[period]) ?? 0;
  }

  /** What an image of a model has cost on average; undefined where nothing is known. */
  averageOf(model: string): number | undefined {
    const known = this.#models.get(model);
    return known && known.images > 0 ? known.cost / known.images : undefined;
  }

  at(time: number): Spending {
    const month = this.#months.get(this.#namesAt(time).month);
    return {
      hour: round(this.spentIn('hour', time)),
      day: round(this.spentIn('day', time)),
      month: round(this.spentIn('month', time)),
      byModel: Object.fromEntries(
        [...(month?.models ?? [])]
          .map(([model, spent]) => [model, round(spent)] as const)
          .filter(([, spent]) => spent > 0),
      ),
      unknown: month?.unknown ?? 0,
    };
  }

  #learn({ model }: LedgerEntry, cost: number, images: number): void {
    const known = this.#models.get(model) ?? { images: 0, cost: 0 };
    this.#models.set(model, { images: known.images + images, cost: known.cost + cost });
  }

  #monthOf({ month: name }: PeriodNames): MonthSums {
    const known = this.#months.get(name);
    if (known) return known;
    const month = { periods: new Map<string, number>(), models: new Map<string, number>(), unknown: 0 };
    this.#months.set(name, month);
    for (const oldest of [...this.#months.keys()].slice(0, -monthsKept)) this.#months.delete(oldest);
    return month;
  }

  /** Local time is slow to work out, and most entries lie in the hour of the one before. */
  #namesAt(time: number): PeriodNames {
    const known = this.#hour;
    if (known && time >= known.from && time < known.to) return known.names;
    const names = namesAt(time);
    this.#hour = { from: time, to: periodEnd('hour', time), names };
    return names;
  }
}

function namesAt(time: number): PeriodNames {
  const date = new Date(time);
  const month = `${date.getFullYear()}-${date.getMonth() + 1}`;
  const day = `${month}-${date.getDate()}`;
  return { month, day, hour: `${day} ${date.getHours()}` };
}

function increase(sums: Map<string, number>, name: string, amount: number): void {
  sums.set(name, (sums.get(name) ?? 0) + amount);
}

/** The known cost in the account's currency. */
function costOf({ booking, currency }: LedgerEntry): number | undefined {
  if (booking?.at !== 'paid' || (booking.currency !== undefined && booking.currency !== currency)) return undefined;
  return booking.cost;
}

/** What counts against a budget: the cost, else the estimate. */
function amountOf({ booking, estimate }: LedgerEntry, cost: number | undefined): number {
  return booking?.at === 'free' ? 0 : (cost ?? estimate ?? 0);
}

/** Without the noise of binary fractions: to a millionth. */
function round(amount: number): number {
  return Math.round(amount * 1e6) / 1e6;
}

import { dayName } from '../local-day.js';
import type { LedgerEntry } from './ledger-file.js';

/** The calendar period of a budget, in local time. */
export type Period = 'hour' | 'day' | 'month';

/** All periods, the shortest first. */
export const periods = ['hour', 'day', 'month'] as const satisfies Period[];

/** What an account has spent in the current periods (local time), in its currency. */
export interface Spending {
  hour: number;
  day: number;
  month: number;
  /** This month, by model; '' = the service's default. */
  byModel: Record<string, number>;
  /** Requests of this month whose cost is not known; their estimate, where there was one, is in the sums. */
  unknown: number;
}

/** What an account has spent on one day, local time, in its currency. */
export interface DaySpending {
  /** `2026-11-25` */
  day: string;
  amount: number;
  /** '' = the service's default. */
  byModel: Record<string, number>;
}

/** The start of the period of a time, in milliseconds since the epoch. An hour that the clock repeats counts as one. */
function periodStart(period: Period, time: number): number {
  const date = new Date(time);
  const [year, month] = [date.getFullYear(), date.getMonth()];
  const day = period === 'month' ? 1 : date.getDate();
  return new Date(year, month, day, period === 'hour' ? date.getHours() : 0).getTime();
}

/** The end of the period of a time, in milliseconds since the epoch. */
export function periodEnd(period: Period, time: number): number {
  const date = new Date(time);
  const [year, month, day, hour] = [date.getFullYear(), date.getMonth(), date.getDate(), date.getHours()];
  return {
    hour: new Date(year, month, day, hour + 1),
    day: new Date(year, month, day + 1),
    month: new Date(year, month + 1, 1),
  }[period].getTime();
}

/** The sums of a quarter of an hour. */
export interface QuarterSums {
  amount: number;
  models: Map<string, number>;
  unknown: number;
}

/** What a model has cost so far. */
interface Experience {
  images: number;
  cost: number;
}

/** The offsets of all time zones are multiples of it, so that sums stay right where the time zone is changed. */
const quarter = 15 * 60_000;

/** Beyond this an amount makes no sense, and sums would lose their cents. */
const mostAmount = 1e9;

/** The sums of an account's requests, kept up to date entry by entry. */
export class SpendingTotals {
  readonly #quarters = new Map<number, QuarterSums>();
  readonly #experience = new Map<string, Experience>();

  /** Adds an entry; `sign` -1 removes it again before it changes. */
  add(entry: LedgerEntry, sign: 1 | -1 = 1): void {
    const sums = this.#sumsAt(entry.time);
    const cost = readCost(entry);
    const amount = sign * readAmount(entry, cost);
    sums.amount += amount;
    sums.models.set(entry.model, (sums.models.get(entry.model) ?? 0) + amount);
    if (entry.settlement && entry.settlement.at !== 'free' && cost === undefined) sums.unknown += sign;
    if (cost !== undefined) this.#learn(entry, sign * cost, sign * entry.n);
  }

  /** What is spent and reserved in the period of a time. */
  spentIn(period: Period, time: number): number {
    return this.#within(period, time).reduce((sum, { amount }) => sum + amount, 0);
  }

  /** What an image of a model has cost on average; undefined = unknown. */
  averagePrice(model: string): number | undefined {
    const known = this.#experience.get(model);
    return known && known.images > 0 ? known.cost / known.images : undefined;
  }

  /** The sums of the periods of a time. */
  at(time: number): Spending {
    const quarters = this.#within('month', time);
    return {
      hour: round(this.spentIn('hour', time)),
      day: round(this.spentIn('day', time)),
      month: round(this.spentIn('month', time)),
      byModel: sumModels(quarters),
      unknown: quarters.reduce((sum, { unknown }) => sum + unknown, 0),
    };
  }

  /** Each of so many days, the last of which is the one that a time lies in. */
  days(count: number, time: number): DaySpending[] {
    const date = new Date(time);
    const days = Array.from({ length: count }, (_, index) =>
      new Date(date.getFullYear(), date.getMonth(), date.getDate() - count + 1 + index).getTime(),
    );
    return days.map((start) => {
      const quarters = this.#within('day', start);
      const amount = quarters.reduce((sum, each) => sum + each.amount, 0);
      return { day: dayName(start), amount: round(amount), byModel: sumModels(quarters) };
    });
  }

  /** The sums by quarter of an hour since the epoch. */
  quarters(): ReadonlyMap<number, QuarterSums> {
    return this.#quarters;
  }

  #learn({ model }: LedgerEntry, cost: number, images: number): void {
    const known = this.#experience.get(model) ?? { images: 0, cost: 0 };
    this.#experience.set(model, { images: known.images + images, cost: known.cost + cost });
  }

  #sumsAt(time: number): QuarterSums {
    const index = Math.floor(time / quarter);
    const known = this.#quarters.get(index);
    if (known) return known;
    const sums = { amount: 0, models: new Map<string, number>(), unknown: 0 };
    this.#quarters.set(index, sums);
    return sums;
  }

  #within(period: Period, time: number): QuarterSums[] {
    const [from, to] = [periodStart(period, time) / quarter, periodEnd(period, time) / quarter];
    return [...this.#quarters].filter(([index]) => index >= from && index < to).map(([, sums]) => sums);
  }
}

function sumModels(quarters: QuarterSums[]): Record<string, number> {
  const models = new Map<string, number>();
  for (const sums of quarters) {
    for (const [model, amount] of sums.models) models.set(model, (models.get(model) ?? 0) + amount);
  }
  const rounded = [...models].map(([model, amount]) => [model, round(amount)] as const);
  return Object.fromEntries(rounded.filter(([, amount]) => amount > 0));
}

/** The known cost in the account's currency. */
export function readCost({ settlement, currency }: LedgerEntry): number | undefined {
  if (settlement?.at !== 'paid' || (settlement.currency !== undefined && settlement.currency !== currency))
    return undefined;
  return settlement.cost === undefined ? undefined : Math.min(Math.max(settlement.cost, 0), mostAmount);
}

/** What counts against a budget: the cost, else the estimate. */
export function readAmount({ settlement, estimate = 0 }: LedgerEntry, cost: number | undefined): number {
  return settlement?.at === 'free' ? 0 : (cost ?? Math.min(estimate, mostAmount));
}

/** Rounds to a millionth, which removes the noise of binary fractions. */
function round(amount: number): number {
  return Math.round(amount * 1e6) / 1e6;
}

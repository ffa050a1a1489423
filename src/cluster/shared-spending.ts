import { knownDays } from '../spending/ledger.js';
import type { DaySpending, Spending } from '../spending/totals.js';
import type { Member } from './member.js';
import { fromMillionths } from './millionths.js';
import { namePeriods, type PeriodNames } from './periods.js';

interface SharedSums {
  sums: Record<string, number>;
  names?: PeriodNames;
}

/** What all instances of an account have spent, as Redis sums it. */
export class SharedSpending {
  readonly #member: Member;
  readonly #timezone: string;

  constructor(member: Member, timezone: string) {
    this.#member = member;
    this.#timezone = timezone;
  }

  async now(): Promise<Spending> {
    const { sums, names } = await this.#read();
    const { hour, day, month } = names ?? namePeriods(this.#member.clock.now(), this.#timezone);
    const amount = (name: string): number => fromMillionths(sums[name] ?? 0);
    const ofMonth = Object.entries(sums).filter(([name]) => name.startsWith(`d${month.slice(1)}`));
    return {
      ...{ hour: amount(hour), day: amount(day), month: amount(month) },
      byModel: sumModels(ofMonth),
      unknown: sums[`u${month.slice(1)}`] ?? 0,
    };
  }

  /** The last days, today the last. */
  async days(): Promise<DaySpending[]> {
    const { sums } = await this.#read();
    const now = this.#member.clock.now();
    const names = Array.from({ length: knownDays }, (_, index) => this.#day(now, knownDays - 1 - index));
    return names.map((name) => ({
      day: name.slice(2),
      amount: fromMillionths(sums[name] ?? 0),
      byModel: sumModels(Object.entries(sums).filter(([each]) => each.startsWith(`${name}|`))),
    }));
  }

  #day(now: number, ago: number): string {
    const { day } = namePeriods(now, this.#timezone);
    return `d:${new Date(Date.parse(day.slice(2)) - ago * 86_400_000).toISOString().slice(0, 10)}`;
  }

  #read(): Promise<SharedSums> {
    const since = this.#day(this.#member.clock.now(), 31).slice(2, 9);
    return this.#member.call<SharedSums>('spending', { since });
  }
}

/** From fields such as `d:2026-11-26|flux`. */
function sumModels(fields: [string, number][]): Record<string, number> {
  const models = new Map<string, number>();
  for (const [name, amount] of fields) {
    const bar = name.indexOf('|');
    if (bar >= 0) models.set(name.slice(bar + 1), (models.get(name.slice(bar + 1)) ?? 0) + amount);
  }
  return Object.fromEntries(
    [...models].filter(([, amount]) => amount > 0).map(([model, amount]) => [model, fromMillionths(amount)]),
  );
}

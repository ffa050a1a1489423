import type { Ledger } from '../spending/ledger.js';
import { namePeriods, quarter } from './periods.js';

/** A ledger knows all months that these days lie in; older sums stay as they are. */
const knownDays = 29;

/** An amount in whole millionths, as Redis sums it. */
export function toMillionths(amount: number): number {
  return Math.round(amount * 1e6);
}

/** What this instance has spent, by the names of periods, as its own ledger says. */
export function sumShare(ledger: Ledger, timezone: string): { sums: Record<string, number>; since: string } {
  const sums = new Map<string, number>();
  const add = (name: string, amount: number): void => void sums.set(name, (sums.get(name) ?? 0) + amount);
  const since = `${namePeriods(ledger.now - knownDays * 86_400_000, timezone).month.slice(2)}-01`;
  for (const [index, { amount, models, unknown }] of ledger.quarters()) {
    const { hour, day, month } = namePeriods(index * quarter, timezone);
    if (day.slice(2) < since) continue;
    for (const name of [hour, day, month]) add(name, toMillionths(amount));
    for (const [model, part] of models) add(`${day}|${model}`, toMillionths(part));
    if (unknown !== 0) add(`u${month.slice(1)}`, unknown);
  }
  return { sums: Object.fromEntries(sums), since };
}

import { knownDays, type Ledger } from '../spending/ledger.js';
import { toMillionths } from './millionths.js';
import { namePeriods, quarter } from './periods.js';

/**
 * What this instance has spent, by the names of periods, as its own ledger says: since the month in which its known
 * days begin. Older sums stay as they are.
 */
export function sumShare(ledger: Ledger, timezone: string): { sums: Record<string, number>; since: string } {
  const sums = new Map<string, number>();
  const add = (name: string, amount: number): void => void sums.set(name, (sums.get(name) ?? 0) + amount);
  const since = `${namePeriods(ledger.now - (knownDays - 1) * 86_400_000, timezone).month.slice(2)}-01`;
  for (const [index, { amount, models, unknown }] of ledger.quarters()) {
    const { hour, day, month } = namePeriods(index * quarter, timezone);
    if (day.slice(2) < since) continue;
    for (const name of [hour, day, month]) add(name, toMillionths(amount));
    for (const [model, part] of models) add(`${day}|${model}`, toMillionths(part));
    if (unknown !== 0) add(`u${month.slice(1)}`, unknown);
  }
  return { sums: Object.fromEntries(sums), since };
}

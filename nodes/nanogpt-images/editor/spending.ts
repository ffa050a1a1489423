import type { AccountSpending, DaySpending } from '../../shared/route-answers.js';

/** What was spent on all days by each model, the most first. */
export function sumModels(days: DaySpending[]): [model: string, amount: number][] {
  const models = new Map<string, number>();
  for (const { byModel } of days)
    for (const [model, amount] of Object.entries(byModel)) models.set(model, (models.get(model) ?? 0) + amount);
  return [...models].sort(([, one], [, other]) => other - one);
}

/** What was spent on all days. */
export function sumDays(days: DaySpending[]): number {
  return days.reduce((sum, { amount }) => sum + amount, 0);
}

/** The part of the budget that falls on one day; undefined where there is no budget, or one for each hour. */
export function dailyBudget({ budget, budgetPeriod }: AccountSpending, today = new Date()): number | undefined {
  if (budget === undefined || budgetPeriod === 'hour') return undefined;
  const days = new Date(today.getFullYear(), today.getMonth() + 1, 0).getDate();
  return budgetPeriod === 'day' ? budget : budget / days;
}

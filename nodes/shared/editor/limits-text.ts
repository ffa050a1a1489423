import type { EditedNode } from './red.js';

/** What holds for all that share an account. */
export interface CommonLimits {
  concurrency: number;
  /** 0 = no limit. */
  perMinute: number;
  /** In US dollars, by period. */
  budgets: Record<string, number>;
}

const PERIODS = ['hour', 'day', 'month'] as const;

/** The limits in one line. */
export function limitsText(node: EditedNode, { concurrency, perMinute, budgets }: CommonLimits): string {
  const amounts = PERIODS.filter((period) => budgets[period] !== undefined);
  return [
    node._('limits.concurrency', { concurrency }),
    ...(perMinute > 0 ? [node._('limits.perMinute', { perMinute })] : []),
    ...amounts.map((period) => node._(`limits.budget.${period}`, { budget: budgets[period] })),
    ...(amounts.length === 0 ? [node._('limits.noBudget')] : []),
  ].join(', ');
}

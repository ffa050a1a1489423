import type { CommonLimits } from '../route-answers.js';
import type { EditedNode } from './red.js';

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

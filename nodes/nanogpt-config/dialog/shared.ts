import type { Share } from '../../shared/editor/models.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { translate } from '../../shared/editor/request.js';
import { choices } from '../config.js';

/** Shows who shares the account now, and what holds for all of them together. */
export function showShare(node: EditedNode, share: Share): void {
  const text = share.problem ? translate(node, share.problem) : describeShare(node, share);
  $('#nanogpt-shared-now').text(text);
}

function describeShare(node: EditedNode, { instances, concurrency, perMinute, budgets }: Share): string {
  const amounts = choices.budgetPeriod.flatMap((period) => {
    const budget = budgets[period];
    return budget === undefined ? [] : [node._(`summary.budget.${period}`, { budget })];
  });
  const limits = [
    node._('summary.concurrency', { concurrency }),
    ...(perMinute > 0 ? [node._('summary.perMinute', { perMinute })] : []),
    ...(amounts.length > 0 ? amounts : [node._('summary.noBudget')]),
  ];
  return node._('tip.sharedNow', { instances, limits: limits.join(', ') });
}

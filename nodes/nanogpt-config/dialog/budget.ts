import { paidServices } from '../../../src/api/services.js';
import { formatAmount, pluralForm } from '../../shared/editor/format.js';
import { fieldValue } from '../../shared/editor/field-value.js';
import type { SpendingSummary } from '../../shared/route-answers.js';
import type { EditedNode, EditorRed } from '../../shared/editor/red.js';
import { accountAmount } from './account-amount.js';
import { chosenService } from './services.js';

declare const RED: EditorRed;

/** US dollars a day: some hundred images of most models, and a tolerable loss if a flow runs wild. */
const SUGGESTED = 2;

/**
 * Suggests a budget where there is none; one click sets it. For a new account it does so outside the folded section.
 */
export function suggestBudget(node: EditedNode): void {
  const budget = $('#node-config-input-budget');
  const period = $('#node-config-input-budgetPeriod');
  const suggestion = $('#nanogpt-no-budget');
  const limits = $('#nanogpt-limits');

  if (!RED.nodes.node(node.id)) suggestion.insertAfter('#nanogpt-checking');
  $('#nanogpt-take-budget')
    .text(node._('label.takeBudget', { budget: SUGGESTED }))
    .on('click', () => {
      limits.prop('open', true);
      period.val('day').trigger('change');
      budget.val(SUGGESTED).trigger('change').trigger('focus');
    });
  const show = (): void => {
    suggestion.toggle(paidServices.includes(chosenService()) && fieldValue(node, 'budget').trim() === '');
  };
  $('#node-config-input-service').on('change', show);
  budget.on('input change', show);
}

/** Shows the spending so far. */
export function showSpending(node: EditedNode, { hour, day, month, unknown, inMemory }: SpendingSummary): void {
  const [budget, period] = [fieldValue(node, 'budget').trim(), fieldValue(node, 'budgetPeriod')];
  const amount = (spent: number, of: string): string => {
    const text = accountAmount(node, spent);
    const isLimited = of === period && budget !== '' && !Number.isNaN(Number(budget));
    return isLimited
      ? node._('tip.spentOf', { spent: formatAmount(spent), budget: accountAmount(node, Number(budget)) })
      : text;
  };
  const texts = [
    node._('tip.spent', { hour: amount(hour, 'hour'), day: amount(day, 'day'), month: amount(month, 'month') }),
    ...(unknown > 0 ? [node._(`tip.spentUnknown-${pluralForm(unknown)}`, { unknown })] : []),
    ...(inMemory ? [node._('tip.spentInMemory')] : []),
  ];
  $('#nanogpt-spent').text(texts.join(' '));
}

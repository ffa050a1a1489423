import { fieldValue, formOf } from '../../shared/editor/field-value.js';
import type { EditedNode } from '../../shared/editor/red.js';

/** What a folded section says about what is set in it, one short text for each thing. */
type Summary = (node: EditedNode) => string[];

const SUMMARIES: Record<string, Summary> = {
  models: (node) => [fieldValue(node, 'model').trim() || String($('#node-config-input-model').attr('placeholder'))],
  limits: (node) => [budget(node), node._('summary.concurrency', { concurrency: fieldValue(node, 'concurrency') }), perMinute(node)],
  network: (node) => [
    $('#node-config-input-service').val() === 'compatible' ? '' : fieldValue(node, 'baseUrl').trim(),
    node._(`summary.imageUrls.${fieldValue(node, 'imageUrls')}`),
    isChosen(node, 'proxy') ? node._('summary.proxy') : '',
    isChosen(node, 'tls') ? node._('summary.tls') : '',
  ],
};

/** Keeps the line of each folded section in step with its fields. */
export function describeSections(node: EditedNode): void {
  const form = formOf(node);
  form.on('input change', () => {
    for (const [section, summary] of Object.entries(SUMMARIES)) $(`#nanogpt-${section} .nanogpt-set`).text(summary(node).filter(Boolean).join(' · '));
  });
}

function budget(node: EditedNode): string {
  const value = fieldValue(node, 'budget').trim();
  return value === '' ? node._('summary.noBudget') : node._(`summary.budget.${fieldValue(node, 'budgetPeriod')}`, { budget: value });
}

function perMinute(node: EditedNode): string {
  const value = fieldValue(node, 'perMinute').trim();
  return Number(value) === 0 ? '' : node._('summary.perMinute', { perMinute: value });
}

function isChosen(node: EditedNode, name: string): boolean {
  return !['', '_ADD_'].includes(fieldValue(node, name));
}

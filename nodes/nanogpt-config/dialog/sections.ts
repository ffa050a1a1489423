import { fieldValue, formOf } from '../../shared/editor/field-value.js';
import type { EditedNode } from '../../shared/editor/red.js';

/** What a folded section says about what is set in it, one short text for each thing. */
type Summary = (node: EditedNode) => string[];

/** Nothing is said about a choice that only a flow written by hand can hold. */
const UNKNOWN = { defaultValue: '' };

const SUMMARIES: Record<string, Summary> = {
  models: (node) => [fieldValue(node, 'model').trim() || String($('#node-config-input-model').attr('placeholder'))],
  limits: (node) => [budget(node), node._('summary.concurrency', { concurrency: fieldValue(node, 'concurrency') }), perMinute(node)],
  network: (node) => [
    $('#node-config-input-service').val() === 'compatible' ? '' : fieldValue(node, 'baseUrl').trim(),
    node._(`summary.imageUrls.${fieldValue(node, 'imageUrls')}`, UNKNOWN),
    fieldValue(node, 'proxy') && node._('summary.proxy'),
    fieldValue(node, 'tls') && node._('summary.tls'),
  ],
};

/** Keeps the line of each folded section in step with its fields; gives what does so for everything else that changes. */
export function describeSections(node: EditedNode): () => void {
  const describe = (): void => {
    for (const [section, summary] of Object.entries(SUMMARIES)) $(`#nanogpt-${section} .nanogpt-set`).text(summary(node).filter(Boolean).join(' · '));
  };
  formOf(node).on('input change', describe);
  return describe;
}

function budget(node: EditedNode): string {
  const value = fieldValue(node, 'budget').trim();
  return value === '' ? node._('summary.noBudget') : node._(`summary.budget.${fieldValue(node, 'budgetPeriod')}`, { budget: value, ...UNKNOWN });
}

function perMinute(node: EditedNode): string {
  const value = fieldValue(node, 'perMinute').trim();
  return Number(value) === 0 ? '' : node._('summary.perMinute', { perMinute: value });
}

import { fieldValue, findForm } from '../../shared/editor/field-value.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { choices } from '../config.js';
import { chosenService } from './services.js';

/** The summary of a folded section, one short text for each setting. */
type Summary = (node: EditedNode) => (string | undefined)[];

const SUMMARIES: Record<string, Summary> = {
  models: (node) => [fieldValue(node, 'model').trim() || $('#node-config-input-model').attr('placeholder')],
  limits: (node) => [
    budget(node),
    node._('summary.concurrency', { concurrency: fieldValue(node, 'concurrency') }),
    perMinute(node),
  ],
  history: (node) => [historyPlace(node)],
  network: (node) => [
    chosenService() === 'compatible' ? '' : fieldValue(node, 'baseUrl').trim(),
    imageUrls(node),
    fieldValue(node, 'proxy') && node._('summary.proxy'),
    fieldValue(node, 'tls') && node._('summary.tls'),
  ],
  shared: (node) => [fieldValue(node, 'cluster') && sharedName(node)],
};

/**
 * Keeps the summary of each folded section up to date with its fields;
 * returns a function that updates it after other changes.
 */
export function summarizeSections(node: EditedNode): () => void {
  const summarize = (): void => {
    for (const [section, summary] of Object.entries(SUMMARIES))
      $(`#nanogpt-${section} .nanogpt-set`).text(summary(node).filter(Boolean).join(' · '));
  };
  findForm(node).on('input change', summarize);
  return summarize;
}

function budget(node: EditedNode): string | undefined {
  const value = fieldValue(node, 'budget').trim();
  const period = chosen(node, 'budgetPeriod', choices.budgetPeriod);
  if (value === '') return node._('summary.noBudget');
  return period && node._(`summary.budget.${period}`, { budget: value });
}

function perMinute(node: EditedNode): string {
  const value = fieldValue(node, 'perMinute').trim();
  return Number(value) === 0 ? '' : node._('summary.perMinute', { perMinute: value });
}

function historyPlace(node: EditedNode): string | undefined {
  const place = chosen(node, 'history', choices.history);
  return place && node._(`history.${place}`);
}

function sharedName(node: EditedNode): string {
  return node._('summary.clusterAccount', { name: fieldValue(node, 'clusterAccount').trim() });
}

function imageUrls(node: EditedNode): string | undefined {
  const rule = chosen(node, 'imageUrls', choices.imageUrls);
  return rule && node._(`summary.imageUrls.${rule}`);
}

/** The chosen value of a list; undefined for a value that only a hand-written flow can hold. */
function chosen<Choice extends string>(node: EditedNode, list: string, choices: readonly Choice[]): Choice | undefined {
  return choices.find((choice) => choice === fieldValue(node, list));
}

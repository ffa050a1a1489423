import { fieldValue, findForm } from '../../shared/editor/field-value.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { choices } from '../config.js';

/** Keeps the summary of the folded section up to date with its fields. */
export function summarizeMore(node: EditedNode): void {
  const summarize = (): void => {
    const role = choices.role.find((choice) => choice === fieldValue(node, 'role'));
    const [replicas, timezone] = [fieldValue(node, 'replicas').trim(), fieldValue(node, 'timezone').trim()];
    const texts = [role && node._(`role.${role}`), replicas, timezone === '' ? 'UTC' : timezone];
    $('#nanogpt-cluster-more .nanogpt-set').text(texts.filter(Boolean).join(' · '));
  };
  findForm(node).on('input change', summarize);
}

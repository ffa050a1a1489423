import { fillMissing, keepSaved, revealUnfolded, unfoldUsed } from '../../shared/editor/dialog.js';
import type { EditedNode } from '../../shared/editor/red.js';
import type { SpendingSummary } from '../../shared/route-answers.js';
import { choices, defaults } from '../config.js';
import { addressField } from './address.js';
import { showSpending, suggestBudget } from './budget.js';
import { checkButton } from './check.js';
import { ModelField } from './models.js';
import { summarizeSections } from './sections.js';
import { chosenService, serviceRows } from './services.js';
import { showShare } from './shared.js';
import { SignInButton } from './sign-in-button.js';

export { dropSignIn as cancel, saveSignIn as save } from './sign-in.js';

const LISTS = ['service', 'edits', 'billing', 'budgetPeriod', 'imageUrls', 'history'];

/** Sets up the dialog of an account. */
export function prepare(node: EditedNode): void {
  fillMissing(node, defaults);
  for (const list of LISTS) keepSaved(node, list);
  serviceRows(node);
  addressField(node);
  unfoldUsed(node, defaults);
  revealUnfolded(node);
  new SignInButton(node);
  checkButton(node);
  suggestBudget(node);
  let spent: SpendingSummary | undefined;
  const showSpent = (): void => {
    if (spent) showSpending(node, spent);
  };
  new ModelField(node, ({ spending, shared }) => {
    spent = spending ?? spent;
    showSpent();
    if (shared) showShare(node, shared);
    summarize();
  });
  const summarize = summarizeSections(node);
  const history = $('#node-config-input-history');
  history.on('change', () => $('#nanogpt-history-limits').toggle(history.val() === 'disk'));
  $('#node-config-input-service').on('change', placeServiceRows).on('change', showSpent);
}

/** Shows the settings that the chosen service has, each where it matters for it. */
function placeServiceRows(): void {
  const service = chosenService();
  $('.nanogpt-remote').toggle(service !== 'sandbox');
  const row = $('#nanogpt-edits');
  // A value that the runtime refuses must be visible, so that it can be corrected.
  row.toggle(['compatible', 'nanogpt'].includes(service) || !isOffered('edits', choices.edits));
  $('#nanogpt-billing').toggle(service === 'nanogpt' || !isOffered('billing', choices.billing));
  // For NanoGPT this is a detail: it takes images either way.
  if (service === 'nanogpt') row.appendTo('#nanogpt-network');
  else row.insertAfter(service === 'compatible' ? '#nanogpt-address' : '#nanogpt-service-row');
}

function isOffered(list: 'edits' | 'billing', offered: readonly string[]): boolean {
  return offered.includes(String($(`#node-config-input-${list}`).val()));
}

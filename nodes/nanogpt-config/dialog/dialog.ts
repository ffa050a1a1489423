import { fillMissing, keepSaved, unfoldUsed } from '../../shared/editor/dialog.js';
import { formOf } from '../../shared/editor/field-value.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { defaults } from '../config.js';
import { addressField } from './address.js';
import { ask } from './ask.js';
import { type Spending, showSpending, suggestBudget } from './budget.js';
import { checkButton } from './check.js';
import { presentAccount } from './present-account.js';
import { describeSections } from './sections.js';
import { chosenService, serviceRows } from './services.js';

/** Sets up the dialog of an account. */
export function prepare(node: EditedNode): void {
  fillMissing(node, defaults);
  for (const list of ['service', 'edits', 'budgetPeriod', 'imageUrls']) keepSaved(node, list);
  serviceRows(node);
  addressField(node);
  unfoldUsed(node, defaults);
  suggestBudget(node);
  checkButton(node);
  describeSections(node);

  $('#node-config-input-service').on('change', () => {
    $('.nanogpt-remote').toggle(chosenService() !== 'sandbox');
    $('#nanogpt-edits').toggle(chosenService() === 'compatible');
  });
  askOnce(node);
}

/** What the runtime knows of the account; a dialog without it works all the same. */
function askOnce(node: EditedNode): void {
  const form = formOf(node);
  void ask<{ spending?: Spending }>('nanogpt-config/catalogue', presentAccount(node)).then(({ spending }) => {
    if (spending && form[0]!.isConnected) showSpending(node, spending);
  });
}

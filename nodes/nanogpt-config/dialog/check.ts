import { findForm } from '../../shared/editor/field-value.js';
import { amountText } from '../../shared/editor/price-text.js';
import type { EditedNode, EditorRed } from '../../shared/editor/red.js';
import { callRoute, translate } from '../../shared/editor/request.js';
import { postedAccount } from '../../shared/editor/settings.js';
import { currentConnection } from './connection.js';

declare const RED: EditorRed;

/** The result of checking an account. */
interface Found {
  models: number;
  milliseconds: number;
  balance?: { amount: number; currency: string };
}

/**
 * The button that tests the current service and key. The result is shown until these values change; an answer that comes after a
 * change is
 * dropped.
 */
export function checkButton(node: EditedNode): void {
  const button = $('#nanogpt-check');
  const result = $('#nanogpt-check-result');
  let checked: { connection: string } | undefined;

  button.on('click', () => void check());
  findForm(node).on('input change', () => {
    if (!checked || checked.connection === currentConnection(node)) return;
    checked = undefined;
    button.prop('disabled', false);
    result.empty();
  });

  async function check(): Promise<void> {
    const run = { connection: currentConnection(node) };
    checked = run;
    button.prop('disabled', true);
    show('fa-circle-o-notch fa-spin', node._('check.running'));
    const answer = await callRoute<Found>(node, 'nanogpt-config/check', postedAccount(node));
    if (checked !== run || !button[0]!.isConnected) return;
    button.prop('disabled', false);
    // A disabled button loses the focus.
    if (document.activeElement === document.body) button.trigger('focus');
    if (answer.problem) show('fa-exclamation-triangle', translate(node, answer.problem));
    else show('fa-check-circle', success(node, answer));
  }

  function show(icon: string, text: string): void {
    result.empty().append($('<i>', { class: `fa ${icon}`, 'aria-hidden': 'true' }), $('<span>', { text }));
  }
}

function success(node: EditedNode, { models, milliseconds, balance }: Found): string {
  const seconds = (milliseconds / 1000).toLocaleString(RED.i18n.lang(), { maximumSignificantDigits: 2 });
  if (!balance) return node._('check.works', { models, seconds });
  return node._('check.worksBalance', { models, seconds, balance: amountText(node, balance.amount, balance.currency) });
}

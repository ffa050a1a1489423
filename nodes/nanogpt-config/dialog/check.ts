import { formOf } from '../../shared/editor/field-value.js';
import type { EditedNode, EditorRed } from '../../shared/editor/red.js';
import { amount } from './amount.js';
import { type Problem, ask, sentence } from './ask.js';
import { connectionIn, presentAccount } from './present-account.js';

declare const RED: EditorRed;

/** What the check of an account found. */
type Verdict = { milliseconds: number } & ({ models: number; balance?: { amount: number; currency: string } } | { problem: Problem });

/**
 * The button that tries service and key out, as the dialog has them just now. What it found is shown as long as it is
 * about these values; an answer that comes when they have changed is dropped.
 */
export function checkButton(node: EditedNode): void {
  const button = $('#nanogpt-check');
  const result = $('#nanogpt-check-result');
  let checked: { connection: string } | undefined;

  button.on('click', () => {
    const run = { connection: connectionIn(node) };
    checked = run;
    button.prop('disabled', true);
    show('fa-spinner fa-pulse', node._('check.running'));
    ask<Verdict>('nanogpt-config/check', presentAccount(node)).then(
      (verdict) => end(run, verdict),
      () => end(run, { milliseconds: 0, problem: { key: '', params: {}, message: node._('check.unanswered') } }),
    );
  });
  formOf(node).on('input change', () => {
    if (!checked || checked.connection === connectionIn(node)) return;
    checked = undefined;
    button.prop('disabled', false);
    result.empty();
  });

  function end(run: object, verdict: Verdict): void {
    if (run !== checked || !button[0]!.isConnected) return;
    button.prop('disabled', false);
    // A button that is disabled loses the focus.
    if (document.activeElement === document.body) button.trigger('focus');
    if ('problem' in verdict) show('fa-exclamation-triangle', sentence(node, verdict.problem));
    else show('fa-check-circle', success(node, verdict));
  }

  function show(icon: string, text: string): void {
    result.empty().append($('<i>', { class: `fa ${icon}`, 'aria-hidden': 'true' }), $('<span>', { text }));
  }
}

function success(node: EditedNode, { models, milliseconds, balance }: Exclude<Verdict, { problem: Problem }>): string {
  const found = { models, seconds: inSeconds(milliseconds) };
  return balance ? node._('check.worksBalance', { ...found, amount: amount(balance.amount), currency: balance.currency }) : node._('check.works', found);
}

function inSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toLocaleString(RED.i18n.lang(), { maximumSignificantDigits: 2 });
}

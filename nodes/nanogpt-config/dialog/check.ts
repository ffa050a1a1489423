import type { CheckedAccount } from '../../shared/route-answers.js';
import { bad, checkOnClick, good } from '../../shared/editor/check-button.js';
import type { EditedNode, EditorRed } from '../../shared/editor/red.js';
import { callRoute, translate } from '../../shared/editor/request.js';
import { postedAccount } from '../../shared/editor/settings.js';
import { accountAmount } from './account-amount.js';
import { currentConnection } from './connection.js';

declare const RED: EditorRed;

/** The button that tests the current service and key. */
export function checkButton(node: EditedNode): void {
  checkOnClick(node, $('#nanogpt-check'), $('#nanogpt-check-result'), {
    running: node._('check.running'),
    target: () => currentConnection(node),
    check: async () => {
      const answer = await callRoute<CheckedAccount>(node, 'nanogpt-config/check', postedAccount(node));
      return [answer.problem ? bad(translate(node, answer.problem)) : good(success(node, answer))];
    },
  });
}

function success(node: EditedNode, { models, milliseconds, balance }: CheckedAccount): string {
  const seconds = (milliseconds / 1000).toLocaleString(RED.i18n.lang(), { maximumSignificantDigits: 2 });
  if (!balance) return node._('check.works', { models, seconds });
  return node._('check.worksBalance', {
    models,
    seconds,
    balance: accountAmount(node, balance.amount, balance.currency),
  });
}

import type { AccountSpending } from '../../shared/route-answers.js';
import type { TextKey } from '../../shared/text-keys.js';
import { getJson, postJson } from './fetch.js';
import type { Texts } from './texts.js';

/** Asks which account's images to delete, and deletes them when that is confirmed. */
export async function clearHistory(texts: Texts): Promise<void> {
  const { accounts } = await getJson<{ accounts: AccountSpending[] }>('spending');
  const element = document.createElement('dialog');
  const choice = $('<select>').attr('aria-label', texts._('tab.account'));
  for (const { id, name, service } of accounts)
    $('<option>')
      .val(id)
      .text(name || texts._(`tab.service.${service}`))
      .appendTo(choice);
  const button = (key: TextKey, use: () => void): JQuery =>
    $('<button type="button" class="red-ui-button">').text(texts._(key)).on('click', use);
  const clear = async (): Promise<void> => {
    // Before the answer: a notification would lie behind the dialog.
    element.close();
    await postJson(texts, 'clear-history', { accountId: choice.val() });
  };
  $(element)
    .addClass('nanogpt-view')
    .attr('aria-label', texts._('tab.clear'))
    .append(
      $('<p>').text(texts._('tab.clearTip')),
      $('<p>').append(choice),
      $('<div class="nanogpt-view-buttons">').append(
        button('tab.clearNow', () => void clear()),
        button('tab.cancel', () => element.close()),
      ),
    )
    .appendTo('body')
    .on('close', () => element.remove());
  element.showModal();
}

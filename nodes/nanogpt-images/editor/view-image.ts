import type { ListedItem } from '../../shared/route-answers.js';
import type { TextKey } from '../../shared/text-keys.js';
import { getImageUrl, buildPath } from './fetch.js';
import type { Texts } from './texts.js';
import { describeItem } from './describe-item.js';
import { useAgain } from './use-again.js';

/** Shows an image in full size over the editor, with its actions. Escape closes it. */
export async function viewImage(texts: Texts, item: ListedItem): Promise<void> {
  const element = document.createElement('dialog');
  const dialog = $(element).addClass('nanogpt-view').attr('aria-label', texts._('tab.image'));
  const size = item.width === undefined ? {} : { width: item.width, height: item.height };
  const image = $('<img>').attr({ alt: item.prompt, ...size });
  const save = $('<a class="red-ui-button">').text(texts._('tab.save'));
  const prompt = $('<p class="nanogpt-view-prompt">').text(item.prompt);
  const facts = $('<p>').text(describeItem(texts, item));
  dialog.append(image, prompt, facts, makeButtons(texts, item, { element, save })).appendTo('body');
  let url: string | undefined;
  dialog.on('close', () => {
    dialog.remove();
    if (url !== undefined) URL.revokeObjectURL(url);
  });
  // A click beside the image, on the backdrop.
  dialog.on('click', ({ target }) => {
    if (target === element) element.close();
  });
  element.showModal();
  try {
    url = await getImageUrl(buildPath('images', item.id));
    image.attr('src', url);
    save.attr({ href: url, download: item.filename });
  } catch {
    image.replaceWith($('<p>').text(explainAbsence(texts, item)));
    save.remove();
  }
}

function makeButtons(
  texts: Texts,
  item: ListedItem,
  { element, save }: { element: HTMLDialogElement; save: JQuery },
): JQuery {
  const button = (key: TextKey, use: () => void): JQuery =>
    $('<button type="button" class="red-ui-button">').text(texts._(key)).on('click', use);
  const useAgainButton = button('tab.useAgain', () => {
    element.close();
    useAgain(texts, item);
  });
  const close = button('tab.close', () => element.close());
  return $('<div class="nanogpt-view-buttons">').append(useAgainButton, save, close);
}

function explainAbsence(texts: Texts, { host }: ListedItem): string {
  return host === undefined ? texts._('tab.gone') : texts._('tab.elsewhere', { host });
}

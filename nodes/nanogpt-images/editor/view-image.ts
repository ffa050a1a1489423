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
  const image = $('<img>').attr({
    alt: item.prompt,
    ...(item.width !== undefined && { width: item.width, height: item.height }),
  });
  const button = (key: TextKey, use: () => void): JQuery =>
    $('<button type="button" class="red-ui-button">').text(texts._(key)).on('click', use);
  const save = $('<a class="red-ui-button">').text(texts._('tab.save'));
  const buttons = $('<div class="nanogpt-view-buttons">').append(
    button('tab.useAgain', () => {
      element.close();
      useAgain(texts, item);
    }),
    save,
    button('tab.close', () => element.close()),
  );
  const prompt = $('<p class="nanogpt-view-prompt">').text(item.prompt);
  dialog.append(image, prompt, $('<p>').text(describeItem(texts, item)), buttons).appendTo('body');
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
    const { host } = item;
    const text = host === undefined ? texts._('tab.gone') : texts._('tab.elsewhere', { host });
    image.replaceWith($('<p>').text(text));
    save.remove();
  }
}

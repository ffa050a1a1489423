import { fieldPrefix } from '../../shared/editor/field-value.js';
import type { EditedNode, EditorRed } from '../../shared/editor/red.js';

declare const RED: EditorRed;

/**
 * The button that makes a secret that cannot be guessed, and shows it
 * until another is typed: the other Node-REDs need the same.
 */
export function secretButton(node: EditedNode): void {
  const field = $(`${fieldPrefix(node)}secret`);
  const shown = $('#nanogpt-made-secret');
  let made = '';

  $('#nanogpt-make-secret').on('click', () => {
    made = makeSecret();
    const copy = $('<button>', { type: 'button', class: 'red-ui-button red-ui-button-small' });
    copy
      .text(node._('secret.copy'))
      .on('click', () => RED.clipboard.copyText(made, copy, 'clipboard.copyMessageValue'));
    shown.empty().append($('<span>', { text: node._('secret.made') }), $('<code>', { text: made }), copy);
    field.val(made).trigger('change');
  });
  field.on('input change', () => {
    if (field.val() !== made) shown.empty();
  });
}

/** 256 bits as letters and digits that survive every terminal and every YAML file. */
function makeSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

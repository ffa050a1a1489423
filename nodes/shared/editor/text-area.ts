import type { TextName } from '../text-keys.js';
import type { EditedNode, EditorRed } from './red.js';
import { savedValue } from './field-value.js';
import { literalType, typedField } from './typed-field.js';
import { validateTyped, type Accepts } from './validators.js';

declare const RED: EditorRed;

/**
 * Makes a TypedInput whose text is written in the text area `#node-input-<name>-text`, with a button for the full text
 * editor. The editor's own input has one line and would drop the line breaks.
 */
export function textArea(
  node: EditedNode,
  name: TextName<'label'> & TextName<'validate'>,
  otherTypes: string[],
  accepts: Accepts,
): void {
  const area = $(`#node-input-${name}-text`).val(
    savedValue(node, `${name}Type`) === 'str' ? String(savedValue(node, name) ?? '') : '',
  );
  const label = node._(`label.${name}`);
  // Hidden until now, so that no line break is lost; a TypedInput creates its input with the same type.
  $(`#node-input-${name}`).attr('type', 'text');
  const field = typedField(node, name, [
    { ...literalType('str'), label: node._('label.text'), hasValue: false, expand },
    ...otherTypes,
  ]);
  const isText = (): boolean => field.typedInput('type') === 'str';

  area.attr('aria-label', label);
  area.on('input', () => {
    validationTooltip.close(true);
    field.val(String(area.val())).trigger('change');
  });
  $(`label[for="node-input-${name}"]`).on('click', () => isText() && area.trigger('focus'));
  let wasText: boolean | undefined;
  field.on('change', () => {
    area.closest('.form-row').toggleClass('nanogpt-text', isText());
    if (isText() && field.val() !== area.val()) area.trigger('input');
    // A user who chooses text wants to write.
    if (isText() && wasText === false) setTimeout(() => area.trigger('focus'));
    wasText = isText();
  });
  const validationTooltip = RED.popover.tooltip(area, () => {
    const verdict = validateTyped(node, name, String(area.val()), 'str', accepts);
    return verdict === true ? null : verdict;
  });

  function expand(): void {
    RED.editor.editText({
      value: String(area.val()),
      title: label,
      complete: (value) => area.val(value).trigger('input'),
    });
  }
}

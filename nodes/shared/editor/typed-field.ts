import type { TextName } from '../text-keys.js';
import type { EditedNode, EditorRed, TypedInputType } from './red.js';
import { validateTyped, type Accepts } from './validators.js';

declare const RED: EditorRed;

const ICONS: Record<string, string> = { str: 'az', num: '09', json: 'json' };

/** The editor's own types by name, and types of our own. */
type FieldTypes = (string | TypedInputType)[];

/** A field that has a text for a value that cannot be used. */
type Validated = TextName<'label'> & TextName<'validate'>;

/** One of the editor's own literal types, as a definition that can be changed. */
export function literalType(type: string): TypedInputType {
  return { value: type, label: RED._(`typedInput.type.${type}`), icon: `red/images/typedInput/${ICONS[type]}.svg` };
}

/** The text input inside a TypedInput. */
export function findInput(field: JQuery): JQuery {
  return field.next('.red-ui-typedInput-container').find('.red-ui-typedInput-input');
}

/** Makes a TypedInput of a node's field, with its label and its validation. */
export function typedField(node: EditedNode, name: TextName<'label'>, types: FieldTypes): JQuery;
export function typedField(node: EditedNode, name: Validated, types: FieldTypes, accepts: Accepts): JQuery;
export function typedField(node: EditedNode, name: TextName<'label'>, types: FieldTypes, accepts?: Accepts): JQuery {
  const field = $(`#node-input-${name}`);
  const validated = types.map((type) =>
    typeof type === 'string' && type in ICONS && accepts ? withValidation(type, accepts) : type,
  );
  field.typedInput({ types: validated, typeField: `#node-input-${name}Type` });

  $(`label[for="node-input-${name}"]`).on('click', () => field.typedInput('focus'));
  const input = findInput(field).attr('aria-label', node._(`label.${name}`));
  field.next().find('.red-ui-typedInput-option-expand').attr('aria-label', node._('field.expand'));
  // Node-RED reports a change only when the field loses the focus.
  // Where there is a list, typed text is not yet the value.
  input.on('input', () => input.attr('role') === 'combobox' || input.trigger('change'));
  return field;

  function withValidation(type: string, accepted: Accepts): TypedInputType {
    const validate = (value: string): true | string => validateTyped(node, name as Validated, value, type, accepted);
    return { ...literalType(type), validate, ...(type === 'json' && { expand: editJson }) };
  }

  function editJson(): void {
    RED.editor.editJSON({ value: field.typedInput('value'), complete: (value) => field.typedInput('value', value) });
  }
}

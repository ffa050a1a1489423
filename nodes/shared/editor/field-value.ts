import type { EditedNode, EditorRed, Setting } from './red.js';

declare const RED: EditorRed;

/** The value of the editor's list of configuration nodes where none is chosen. */
const NONE_CHOSEN = '_ADD_';

/** The id prefix that the editor gives the fields of a node's dialog. */
export function fieldPrefix(node: EditedNode): string {
  return node._def.category === 'config' ? '#node-config-input-' : '#node-input-';
}

/** The form of a node's open dialog. */
export function findForm(node: EditedNode): JQuery {
  return $(`${fieldPrefix(node)}name`).closest('.nanogpt-form');
}

/** The saved value of a setting. */
export function savedValue(node: EditedNode, name: string): Setting {
  return Reflect.get(node, name) as Setting;
}

/** The current value of a setting: that of its field in the open dialog, else the saved one. */
export function currentValue(node: EditedNode, name: string): Setting {
  const field = RED.editor.getEditStack().includes(node) ? $(fieldPrefix(node) + name) : $();
  if (field.is(':checkbox')) return field.is(':checked');
  const value = field.val();
  return value === NONE_CHOSEN ? '' : ((value as string | undefined) ?? savedValue(node, name));
}

/** The current value of a setting as text. */
export function fieldValue(node: EditedNode, name: string): string {
  return String(currentValue(node, name) ?? '');
}

import type { EditedNode, EditorRed, Setting } from './red.js';

declare const RED: EditorRed;

/** The id prefix that the editor gives the fields of a node's dialog. */
export function fieldPrefix(node: EditedNode): string {
  return node._def.category === 'config' ? '#node-config-input-' : '#node-input-';
}

/** The form of a node's open dialog. */
export function formOf(node: EditedNode): JQuery {
  return $(`${fieldPrefix(node)}name`).closest('.nanogpt-form');
}

/** What is saved of a setting. */
export function savedValue(node: EditedNode, name: string): Setting {
  return Reflect.get(node, name) as Setting;
}

/** What a setting is just now: the field of the open dialog, else what is saved. */
export function fieldValue(node: EditedNode, name: string): string {
  const field = RED.editor.getEditStack().includes(node) ? $(fieldPrefix(node) + name).val() : undefined;
  return String(field ?? savedValue(node, name) ?? '');
}

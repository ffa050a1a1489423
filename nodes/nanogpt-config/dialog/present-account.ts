import { fieldPrefix, fieldValue } from '../../shared/editor/field-value.js';
import type { EditedNode } from '../../shared/editor/red.js';

/** What stands in the field of a key that the runtime has; the key itself never reaches the editor. */
const STORED = '__PWRD__';

/** The settings on which it depends whether the service answers. */
const CONNECTION = ['service', 'baseUrl', 'apiKey', 'timeout', 'proxy', 'tls'];

/** The account as its open dialog has it, as the routes take it; with the key only where one was typed. */
export function presentAccount(node: EditedNode): { account: Record<string, unknown>; apiKey?: string } {
  const account = Object.fromEntries(Object.keys(node._def.defaults).map((name) => [name, present(node, name)]));
  const apiKey = fieldValue(node, 'apiKey').trim();
  return { account: { id: node.id, ...account }, ...(apiKey !== STORED && apiKey !== '' && { apiKey }) };
}

/** Tells whether two moments of the dialog have the same connection with the service. */
export function connectionIn(node: EditedNode): string {
  return JSON.stringify(CONNECTION.map((name) => fieldValue(node, name)));
}

function present(node: EditedNode, name: string): string | boolean {
  const field = $(fieldPrefix(node) + name);
  if (field.is(':checkbox')) return field.prop('checked') === true;
  const value = fieldValue(node, name);
  // The editor's word for no configuration node.
  return value === '_ADD_' ? '' : value;
}

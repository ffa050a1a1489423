import { fieldValue } from '../../shared/editor/field-value.js';
import type { EditedNode } from '../../shared/editor/red.js';

/** Which server is asked and how it is reached: tells two moments of the dialog apart. */
export function currentServer(node: EditedNode): string {
  return JSON.stringify(['service', 'baseUrl', 'proxy', 'tls'].map((name) => fieldValue(node, name)));
}

/** Which server is asked, and as whom. */
export function currentConnection(node: EditedNode): string {
  return currentServer(node) + fieldValue(node, 'apiKey');
}

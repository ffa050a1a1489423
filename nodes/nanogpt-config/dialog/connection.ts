import { fieldValue } from '../../shared/editor/field-value.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { readTicket } from '../../shared/editor/tickets.js';

/** Identifies the current server and how it is reached, to detect changes. */
export function currentServer(node: EditedNode): string {
  return JSON.stringify(['service', 'baseUrl', 'proxy', 'tls'].map((name) => fieldValue(node, name)));
}

/** Identifies the current server and key. */
export function currentConnection(node: EditedNode): string {
  return JSON.stringify([currentServer(node), fieldValue(node, 'apiKey'), readTicket(node.id)]);
}

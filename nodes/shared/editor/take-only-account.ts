import type { EditedNode, EditorRed, NewNode } from './red.js';

declare const RED: EditorRed;

/**
 * Gives a node that was just dragged from the palette the account, where there is only one that it can use. Node-RED
 * also calls `onadd` for pasted and imported nodes, which have a place already: these stay as they are.
 */
export function takeOnlyAccount(this: NewNode<{ account: string }>): void {
  if (this.x !== undefined || this.account !== '') return;
  const accounts: EditedNode[] = [];
  RED.nodes.eachConfig((node) => {
    if (node.type === 'nanogpt-config' && !node.d && (!node.z || node.z === this.z)) accounts.push(node);
  });
  if (accounts.length === 1) this.account = accounts[0]!.id;
}

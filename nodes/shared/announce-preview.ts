import type { Node, NodeAPI } from 'node-red';
import { editorEvents } from './editor-events.js';

/** The id of a node in the editor: inside a subflow, that of the node in the template. */
export function editorId(node: Node): string {
  return (node as Node & { _alias?: string })._alias ?? node.id;
}

/** Tells the editors the id of the newest image of a node. Nothing of it can fail the message. */
export function announcePreview(RED: NodeAPI, node: Node, id: string): void {
  try {
    RED.events.emit(editorEvents.preview, { node: editorId(node), instance: node.z, id });
  } catch {
    return;
  }
}

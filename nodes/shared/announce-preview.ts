import type { Node, NodeAPI } from 'node-red';
import { editorEvents } from './editor-events.js';

/** The id of a node as the editor knows it: inside a subflow, that of the node in the template. */
export function editorId(node: Node): string {
  return (node as Node & { _alias?: string })._alias ?? node.id;
}

/** Tells the editors the id of the newest image of a node. */
export function announcePreview(RED: NodeAPI, node: Node, id: string): void {
  RED.events.emit(editorEvents.preview, { node: editorId(node), instance: node.z, id });
}

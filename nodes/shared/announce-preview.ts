import type { Node, NodeAPI } from 'node-red';
import type { History } from '../../src/history/history.js';
import { editorEvents } from './editor-events.js';

/** Images of other nodes that may have come since. */
const newest = 40;

/** The id of a node as the editor knows it: inside a subflow, that of the node in the template. */
export function editorId(node: Node): string {
  return (node as Node & { _alias?: string })._alias ?? node.id;
}

/** Tells the editors which image is the newest of a node. The flow does not wait for it, and nothing of it can fail the message. */
export function announcePreview(RED: NodeAPI, node: Node, history: History): void {
  const nodeId = editorId(node);
  history.list({ limit: newest }).then(
    (items) => {
      const item = items.find((candidate) => candidate.nodeId === nodeId && candidate.index === 0);
      const tick = { node: nodeId, instance: node.z, id: item?.id };
      if (item) RED.events.emit(editorEvents.preview, tick);
    },
    () => undefined,
  );
}

import type { NodeAPI } from 'node-red';

/** An image that a node has made, for the preview under it. Everybody with `status.read` hears it, so it says no more than that. */
export interface PreviewTick {
  /** The node as the editor knows it: inside a subflow, the node of its template. */
  node: string;
  /** The flow or subflow instance it is in. */
  instance: string;
  /** Id of the image in the history. */
  id: string;
}

/** Names of the events by which the nodes tell the plugin; it loads nothing until it is asked. */
export const editorEvents = { preview: 'nanogpt-images:preview', change: 'nanogpt-images:change' } as const;

/** Tells the editors that the list of running requests or the history is another. */
export function announceChange({ events }: NodeAPI): void {
  events.emit(editorEvents.change);
}

import type { NodeAPI } from 'node-red';

/**
 * The newest image of a node, for the preview under it. Every user with
 * `status.read` receives it, so it holds nothing else.
 */
export interface PreviewEvent {
  /** The node as the editor knows it: inside a subflow, the node of its template. */
  node: string;
  /** The flow or subflow instance it is in. */
  instance: string;
  /** Id of the image in the history. */
  id: string;
}

/** Names of the events from the nodes to the plugin, which loads nothing until it is used. */
export const editorEvents = { preview: 'nanogpt-images:preview', change: 'nanogpt-images:change' } as const;

/** Tells the editors that the list of running requests or the history has changed. */
export function announceChange({ events }: NodeAPI): void {
  events.emit(editorEvents.change);
}

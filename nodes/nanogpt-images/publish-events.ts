import type { NodeAPI } from 'node-red';
import { type PreviewEvent, editorEvents } from '../shared/editor-events.js';

/** The most nodes whose newest image is remembered, for editors that are opened later. */
const maxPreviews = 1000;

/** By node and instance, least recently changed first. */
const previews = new Map<string, PreviewEvent>();

/**
 * Milliseconds between two messages to the editors that something has
 * changed, and between two on the images of one node.
 */
const pause = 1000;

/**
 * Publishes the events of the nodes to all editors. Every user with `status.read` receives them, so they hold ids only,
 * no prompt and no image. The editors fetch the rest by a route, with its permission.
 */
export function publishEvents(RED: NodeAPI): void {
  const { events, comms } = RED;
  // A plugin that is loaded again replaces the previous one.
  previews.clear();
  const on = <Data>(name: string, listener: (data: Data) => void): void => {
    events.removeAllListeners(name);
    events.on(name, listener);
  };

  /** Published after the pause: the newest image of each node only. */
  const due = new Map<string, PreviewEvent>();
  const publishPreviews = throttle(() => {
    for (const event of due.values()) comms.publish('nanogpt-images/preview', event, false);
    due.clear();
  });
  on<PreviewEvent>(editorEvents.preview, (event) => {
    due.set(remember(event), event);
    publishPreviews();
  });
  on(
    editorEvents.change,
    throttle(() => comms.publish('nanogpt-images/change', {}, false)),
  );
}

/** The newest image of every node that has made one since Node-RED started, the newest last. */
export function newestPreviews(): PreviewEvent[] {
  return [...previews.values()];
}

/** Returns the key of the node and instance. */
function remember(event: PreviewEvent): string {
  const key = `${event.node}/${event.instance}`;
  previews.delete(key);
  previews.set(key, event);
  for (const oldest of previews.keys()) {
    if (previews.size <= maxPreviews) break;
    previews.delete(oldest);
  }
  return key;
}

/** Calls at once, then at most once in each pause. */
function throttle(call: () => void): () => void {
  let isQuiet = false;
  let isDue = false;
  const run = (): void => {
    isDue = isQuiet;
    if (isQuiet) return;
    isQuiet = true;
    call();
    setTimeout(() => {
      isQuiet = false;
      if (isDue) run();
    }, pause).unref();
  };
  return run;
}

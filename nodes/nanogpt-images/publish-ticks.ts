import type { NodeAPI } from 'node-red';
import { type PreviewTick, editorEvents } from '../shared/editor-events.js';

/** Nodes whose newest image is remembered, for editors that are opened later. */
const mostPreviews = 1000;

/** By node and instance, the longest unchanged first. */
const previews = new Map<string, PreviewTick>();

/** Milliseconds between two messages to the editors that something has changed. */
const pause = 1000;

/**
 * Passes on to all editors what the nodes tell. Everybody with `status.read` hears it: ids, no prompt, no image. The editors fetch the
 * rest by a route, with its permission.
 */
export function publishTicks(RED: NodeAPI): void {
  const { events, comms } = RED;
  // A plugin that is loaded again takes the place of the one before.
  const on = <Data>(name: string, listener: (data: Data) => void): void => {
    events.removeAllListeners(name);
    events.on(name, listener);
  };

  on<PreviewTick>(editorEvents.preview, (tick) => {
    remember(tick);
    comms.publish('nanogpt-images/preview', tick, false);
  });

  let isQuiet = false;
  let isDue = false;
  const tell = (): void => {
    isDue = isQuiet;
    if (isQuiet) return;
    isQuiet = true;
    comms.publish('nanogpt-images/change', {}, false);
    setTimeout(() => {
      isQuiet = false;
      if (isDue) tell();
    }, pause).unref();
  };
  on(editorEvents.change, tell);
}

/** The newest image of every node that has made one since Node-RED started, the newest last. */
export function newestPreviews(): PreviewTick[] {
  return [...previews.values()];
}

function remember(tick: PreviewTick): void {
  const key = `${tick.node}/${tick.instance}`;
  previews.delete(key);
  previews.set(key, tick);
  for (const oldest of [...previews.keys()].slice(0, -mostPreviews)) previews.delete(oldest);
}

import type { NodeAPI } from 'node-red';
import { inspect } from '../../../src/image/inspect.js';
import { triedImages } from './image-store.js';

/** How many partial images of one try are kept: the newest, and the one that the dialog may be fetching. */
const maxDrafts = 2;

/**
 * Keeps the partial images of a try and notifies the dialog that waits for them. Every user with `status.read` receives
 * the event, so it holds ids only; the image itself is fetched by a route, with its permission. Bytes that are no image
 * are ignored.
 */
export function publishDrafts(RED: NodeAPI, tryId: string): (bytes: Buffer) => void {
  const kept: string[] = [];
  return (bytes) => {
    const header = inspect(bytes);
    if (!header) return;
    const id = triedImages.keep({ bytes, mime: header.mime });
    kept.push(id);
    for (const oldest of kept.splice(0, kept.length - maxDrafts)) triedImages.forget(oldest);
    RED.comms.publish('nanogpt-images/draft', { tryId, id }, false);
  };
}

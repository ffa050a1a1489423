import type { NodeAPI } from 'node-red';
import { inspect } from '../../../src/image/inspect.js';
import { triedImages } from './image-store.js';

/** So many partial images of one try are kept: the newest, and the one that the dialog may be fetching. */
const mostDrafts = 2;

/**
 * Keeps the partial images of a try and tells the dialog that waits for them. Everybody with `status.read` hears it: the id that the
 * dialog chose for its try and that of the image, which a route gives with its permission. What is no image is passed over.
 */
export function publishDrafts(RED: NodeAPI, tryId: string): (bytes: Buffer) => void {
  const kept: string[] = [];
  return (bytes) => {
    const header = inspect(bytes);
    if (!header) return;
    const id = triedImages.keep({ bytes, mime: header.mime });
    kept.push(id);
    for (const oldest of kept.splice(0, kept.length - mostDrafts)) triedImages.forget(oldest);
    RED.comms.publish('nanogpt-images/draft', { tryId, id }, false);
  };
}

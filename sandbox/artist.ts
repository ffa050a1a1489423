import { inpaint } from './artist/inpaint.js';
import { composeScene } from './artist/scene.js';
import { montage, restyle } from './artist/restyle.js';
import { finish } from './artist/finish.js';
import { loadSharp } from './artist/studio.js';
import type { PaintRequest } from './paint-request.js';
import type { Painting } from './storage.js';

/** What one image is painted with. */
export interface PaintOptions {
  /** The same seed and request give the same bytes. */
  seed: string;
  signal: AbortSignal;
}

/**
 * Paints one image of a request, outside the event loop: a scene, a restyled input, or a scene inside a mask.
 *
 * @throws HttpError where an input is no image, or where sharp is not installed.
 */
export async function paint(request: PaintRequest, { seed, signal }: PaintOptions): Promise<Painting> {
  signal.throwIfAborted();
  const sharp = await loadSharp();
  const { images, mask, prompt } = request;
  if (images.length === 0) {
    const size = request.size ?? { width: 1024, height: 1024 };
    return finish(sharp, sharp(Buffer.from(composeScene(prompt, seed, size).svg)), request);
  }
  const base = await montage(sharp, images, request.size);
  if (mask)
    return { bytes: await inpaint(sharp, base, mask, { prompt, seed, strength: request.strength }), mime: 'image/png' };
  return finish(sharp, await restyle(sharp, base, { prompt, seed, strength: request.strength }), request);
}

import { inpaint } from './artist/inpaint.js';
import { composeScene } from './artist/scene.js';
import { montage, restyle } from './artist/restyle.js';
import { finish } from './artist/finish.js';
import { loadSharp, oneAtATime } from './artist/studio.js';
import type { PaintRequest } from './paint-request.js';
import type { Painting } from './storage.js';

/** Which of the images of an order, and whose luck it has. */
export interface Brush {
  /** The same seed and order give the same bytes. */
  seed: string;
  signal: AbortSignal;
}

/**
 * Paints one image of an order: a scene, a restyled input, or a scene inside a mask. Images are painted one after another,
 * outside the event loop.
 *
 * @throws Refused where an input is no image, or where sharp is not installed.
 */
export function paint(order: PaintRequest, { seed, signal }: Brush): Promise<Painting> {
  return oneAtATime(async () => {
    signal.throwIfAborted();
    const sharp = await loadSharp();
    const { images, mask, prompt } = order;
    if (images.length === 0) {
      const size = order.size ?? { width: 1024, height: 1024 };
      return finish(sharp, sharp(Buffer.from(composeScene(prompt, seed, size).svg)), order);
    }
    const base = await montage(sharp, images, order.size);
    if (mask)
      return { bytes: await inpaint(sharp, base, mask, { prompt, seed, strength: order.strength }), mime: 'image/png' };
    return finish(sharp, await restyle(sharp, base, { prompt, seed, strength: order.strength }), order);
  });
}

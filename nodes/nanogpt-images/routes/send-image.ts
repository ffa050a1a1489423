import type { Response } from 'express';
import { ImageStore } from './image-store.js';

/** The images that were tried from the dialogs. */
export const storedImages = new ImageStore({ count: 40, bytes: 64_000_000, time: 10 * 60_000 });

/** An SVG may style itself, but runs no script and loads nothing, wherever it is opened. */
const imagePolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** Sends an image that was tried. */
export function sendImage(id: string, response: Response): void {
  const image = storedImages.find(id);
  if (!image) return void response.sendStatus(404);
  response.set({
    'content-type': image.mime,
    'x-content-type-options': 'nosniff',
    'content-security-policy': imagePolicy,
  });
  response.end(image.bytes);
}

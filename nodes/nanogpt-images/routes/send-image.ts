import type { Response } from 'express';
import { ImageStore } from './image-store.js';

/** The images that were tried from the dialogs. */
export const storedImages = new ImageStore({ count: 40, bytes: 64_000_000, time: 10 * 60_000 });

/** Sends an image that was tried. An image may hold scripts (SVG): it is nothing but an image wherever it is opened. */
export function sendImage(id: string, response: Response): void {
  const image = storedImages.find(id);
  if (!image) return void response.sendStatus(404);
  response.set({
    'content-type': image.mime,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  });
  response.end(image.bytes);
}

import type { Response } from 'express';
import { PictureStore } from './image-store.js';

/** The pictures that were tried from the dialogs. */
export const pictures = new PictureStore({ count: 40, bytes: 64_000_000, time: 10 * 60_000 });

/** Sends a picture that was tried. A picture may hold scripts (SVG): it is nothing but a picture wherever it is opened. */
export function sendPicture(id: string, response: Response): void {
  const picture = pictures.find(id);
  if (!picture) return void response.sendStatus(404);
  response.set({ 'content-type': picture.mime, 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox" });
  response.end(picture.bytes);
}

import type { NodeAPI } from 'node-red';
import type { HistoryItem } from '../../../src/history/history-item.js';
import { queueImageWork } from '../../../src/image/image-queue.js';
import { loadSharp, openImage } from '../../../src/image/sharp.js';
import { type AdminRequest, ImageAnswer, NotFound } from './admin-request.js';
import { triedImages } from './image-store.js';
import { listImageSources } from './list-histories.js';

/** Longest side of a thumbnail, in pixels: the preview under a node has 96, on a display of twice the density 192. */
const thumbnailSide = 256;

/** An image that cannot be scaled down is sent unchanged if it is smaller than this, in bytes. */
const smallImage = 200_000;

/**
 * An image of the history, or of a recent try.
 *
 * @throws NotFound where it no longer exists.
 */
export async function findImage({ RED, params }: AdminRequest): Promise<ImageAnswer> {
  const tried = triedImages.find(params.id ?? '');
  if (tried) return new ImageAnswer(tried.bytes, tried.mime);
  const { bytes, item } = await find(RED, params.id);
  return new ImageAnswer(bytes, item.mime);
}

/**
 * A thumbnail of an image of the history, made on request. Without sharp, a small image is its own thumbnail.
 *
 * @throws NotFound where it no longer exists, or cannot be scaled down.
 */
export async function findThumbnail({ RED, params, signal }: AdminRequest): Promise<ImageAnswer> {
  const { bytes, item } = await find(RED, params.id);
  const thumbnail = await shrink(bytes, item, signal).catch(() => undefined);
  if (thumbnail) return new ImageAnswer(thumbnail, 'image/webp');
  if (bytes.length > smallImage) throw new NotFound();
  return new ImageAnswer(bytes, item.mime);
}

async function find(RED: NodeAPI, id = ''): Promise<{ bytes: Buffer; item: HistoryItem }> {
  for (const { images } of await listImageSources(RED)) {
    const found = await images.get(id).catch(() => undefined);
    if (found) return found;
  }
  throw new NotFound();
}

async function shrink(bytes: Buffer, item: HistoryItem, signal: AbortSignal): Promise<Buffer | undefined> {
  const { mime, width, height } = item;
  const sharp = await loadSharp();
  if (!sharp || width === undefined || height === undefined) return undefined;
  const size = { width: thumbnailSide, height: thumbnailSide, fit: 'inside', withoutEnlargement: true } as const;
  const image = { bytes, mime, width, height };
  return queueImageWork(() => openImage(sharp, image).resize(size).webp({ quality: 75 }).toBuffer(), signal);
}

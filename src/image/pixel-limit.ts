import { ImageError } from '../errors.js';
import type { InputImage } from '../generation.js';

interface Limit {
  usual: number;
  /** Where the decoder has to hold the whole image. */
  progressive?: number;
}

/**
 * The most megapixels of an image: made to fit beside a mask as large, it leaves the process under 400 MB. PNG and JPEG
 * are decoded a few rows at a time, of a JPEG even an eighth of each side at once; of the others the decoder holds
 * every pixel, measured with libvips 8.18: 19 bytes for each of an AVIF, 12 of a WebP, 8 of a GIF and of an interlaced
 * PNG, 7 of a progressive JPEG.
 */
const megapixels: Record<string, Limit> = {
  'image/png': { usual: 100, progressive: 24 },
  'image/jpeg': { usual: 300, progressive: 40 },
  'image/webp': { usual: 20 },
  'image/gif': { usual: 24 },
  'image/avif': { usual: 8 },
};

const fallback: Limit = { usual: 16 };

/** The most pixels that an image of this format may have. */
export function pixelLimit({ mime, progressive }: Pick<InputImage, 'mime' | 'progressive'>): number {
  const limit = megapixels[mime] ?? fallback;
  return 1e6 * (progressive ? (limit.progressive ?? limit.usual) : limit.usual);
}

/**
 * Refuses an image whose pixels would take too much memory: a tiny file can declare more than the machine has.
 *
 * @throws ImageError `too_large`.
 */
export function checkPixels(image: InputImage): void {
  const { width, height, name = 'image' } = image;
  const limit = pixelLimit(image);
  if (width * height <= limit) return;
  throw new ImageError('too_large', 'too_many_pixels', {
    field: name,
    megapixels: Math.ceil((width * height) / 1e6),
    limit: limit / 1e6,
  });
}

import { setImmediate } from 'node:timers/promises';
import type { InputImage } from '../generation.js';
import { type Size, uprightSize } from './orientation.js';
import { type Pipeline, type Sharp, decoded, openImage } from './sharp.js';
import { turn } from './turn.js';

/** Decoded pixels, one byte per channel: red, green, blue and, where the image has it, opacity. */
export interface Pixels {
  data: Buffer;
  width: number;
  height: number;
  channels: 3 | 4;
}

/**
 * The most pixels that are held in memory; a larger image is scaled
 * down while it is decoded. No service uses more than 4K.
 */
export const workingPixels = 8_400_000;

/** Pixels that are processed before the event loop gets its turn. */
const stride = 250_000;

/** A size of the same shape with at most so many pixels. */
export function atMost({ width, height }: Size, pixels: number): Size {
  const scale = Math.min(1, Math.sqrt(pixels / (width * height)));
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}

/** Formats whose decoder rotates the image: their orientation is part of the format, not of EXIF data. */
const turnedByDecoder = new Set(['image/avif', 'image/heic']);

/**
 * Decodes an image to upright pixels in sRGB, at most `max` of them. An alpha channel that is fully opaque is dropped.
 *
 * @throws ImageError `invalid_input` where it cannot be decoded, `too_large` where it has too many pixels.
 */
export async function readPixels(sharp: Sharp, image: InputImage, max: number): Promise<Pixels> {
  const pixels = await decodeUpright(sharp, image, {
    size: atMost(uprightSize(image), Math.min(max, workingPixels)),
    fit: 'inside',
    kernel: 'lanczos3',
  });
  return pixels.channels === 4 && (await isOpaque(pixels.data)) ? withoutAlpha(sharp, pixels) : pixels;
}

/** How an image is decoded. */
export interface DecodeOptions {
  /** The target size, upright. */
  size: Size;
  fit: 'inside' | 'fill';
  kernel: 'lanczos3' | 'nearest';
  /** Overrides the file's own. */
  orientation?: number | undefined;
}

/**
 * Decodes an image to upright pixels of a size. It is scaled down while it is decoded and rotated afterwards: to rotate
 * first, the decoder would have to hold the whole image.
 *
 * @throws ImageError as `readPixels` does.
 */
export async function decodeUpright(sharp: Sharp, image: InputImage, options: DecodeOptions): Promise<Pixels> {
  const { size, fit, kernel } = options;
  const isTurned = turnedByDecoder.has(image.mime);
  const orientation = options.orientation ?? (isTurned ? 1 : (image.orientation ?? 1));
  const decodedSize = isTurned ? uprightSize(image) : image;
  const target = uprightSize({ ...size, orientation });
  const isSame = target.width === decodedSize.width && target.height === decodedSize.height;
  const whole = openImage(sharp, image);
  const sized = isSame ? whole : whole.resize({ ...target, fit, kernel });
  const pixels = await decoded(image, toPixels(sized.toColourspace('srgb')));
  return orientation > 1 ? toPixels(turn(fromPixels(sharp, pixels), orientation)) : pixels;
}

async function toPixels(pipeline: Pipeline): Promise<Pixels> {
  const { data, info } = await pipeline.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels as 3 | 4 };
}

/** Passes pixels back to sharp. */
export function fromPixels(
  sharp: Sharp,
  { data, width, height, channels }: Omit<Pixels, 'channels'> & { channels: 1 | 3 | 4 },
): Pipeline {
  return sharp(data, { raw: { width, height, channels } });
}

/** Yields ranges that cover 0 to `count`, and yields to the event loop after each. */
export async function* strides(count: number): AsyncGenerator<[from: number, to: number]> {
  for (let from = 0; from < count; from += stride) {
    yield [from, Math.min(count, from + stride)];
    await setImmediate();
  }
}

async function isOpaque(data: Buffer): Promise<boolean> {
  for await (const [from, to] of strides(data.length / 4)) {
    for (let index = from; index < to; index += 1) if (data[index * 4 + 3] !== 255) return false;
  }
  return true;
}

async function withoutAlpha(sharp: Sharp, pixels: Pixels): Promise<Pixels> {
  const data = await fromPixels(sharp, pixels).removeAlpha().raw().toBuffer();
  return { ...pixels, data, channels: 3 };
}

import { setImmediate } from 'node:timers/promises';
import type { InputImage } from '../generation.js';
import { type Size, uprightSize } from './orientation.js';
import { decoded, open, type Pipeline, type Sharp } from './sharp.js';

/** Decoded pixels, a byte a channel: red, green, blue and, where the image has it, opacity. */
export interface Pixels {
  data: Buffer;
  width: number;
  height: number;
  channels: 3 | 4;
}

/** Pixels that are kept in memory at a time; a larger image is made smaller while it is decoded. No service makes use of more. */
export const workingPixels = 24_000_000;

/** Pixels looked at before the event loop gets its turn. */
const stride = 250_000;

/** A size of the same shape with at most so many pixels. */
export function atMost({ width, height }: Size, pixels: number): Size {
  const scale = Math.min(1, Math.sqrt(pixels / (width * height)));
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}

/**
 * The upright pixels of an image in sRGB, of a larger one at most `most`. Opacity that hides nothing is left out.
 *
 * @throws ImageError `invalid_input` where it cannot be decoded, `too_large` where it has too many pixels.
 */
export async function readPixels(sharp: Sharp, image: InputImage, most: number): Promise<Pixels> {
  const size = uprightSize(image);
  const smaller = atMost(size, Math.min(most, workingPixels));
  const whole = open(sharp, image);
  const pipeline = smaller.width < size.width ? whole.resize({ ...smaller, fit: 'inside' }) : whole;
  const { data, info } = await decoded(
    image,
    pipeline.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true }),
  );
  const pixels = { data, width: info.width, height: info.height, channels: info.channels as 3 | 4 };
  return pixels.channels === 4 && (await isOpaque(data)) ? withoutAlpha(sharp, pixels) : pixels;
}

/** Pixels as something sharp can go on with. */
export function fromPixels(
  sharp: Sharp,
  { data, width, height, channels }: Omit<Pixels, 'channels'> & { channels: 1 | 3 | 4 },
): Pipeline {
  return sharp(data, { raw: { width, height, channels } });
}

/** Ranges that cover 0 to `count`, with a turn of the event loop after each. */
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

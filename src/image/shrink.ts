import type { InputImage } from '../generation.js';
import { isLossless } from './inspect.js';
import { type Pixels, fromPixels, readPixels } from './pixels.js';
import type { Pipeline, Sharp } from './sharp.js';

/** What an image is made for. */
export interface Target {
  /** The most bytes of the file. */
  room: number;
  /** Mime types that are taken; PNG or JPEG is among them. */
  formats: readonly string[];
  /** The most pixels. */
  pixels: number;
  signal: AbortSignal;
}

/** How a format is written, and for how many halvings of the file its quality is good before pixels have to go. */
interface Format {
  qualities: number;
  write(pipeline: Pipeline, quality: number, isPhoto: boolean): Pipeline;
}

const best = 95;
const least = 80;

/** The longest side that is worth sending. */
const shortest = 64;

/** By how many halvings a file should be smaller than its room (7 %), and by how many it may be (20 %). */
const spare = 0.1;
const mostSpare = 0.32;

/** JPEG without optimised coding is a twentieth larger and made three times as fast. */
const formats: Record<string, Format> = {
  'image/jpeg': {
    qualities: 1,
    write: (pipeline, quality, isPhoto) =>
      pipeline.jpeg({ quality, optimiseCoding: false, chromaSubsampling: isPhoto ? '4:2:0' : '4:4:4' }),
  },
  'image/webp': { qualities: 1, write: (pipeline, quality) => pipeline.webp({ quality, effort: 2 }) },
  'image/png': { qualities: 0, write: (pipeline) => pipeline.png({ compressionLevel: 7 }) },
};

/**
 * An image made upright, in sRGB, of a taken format and just small enough, with the least visible harm: a format without loss
 * where that could do, else first less quality, then fewer pixels. PNG and WebP keep what is transparent. Undefined where even
 * that cannot help.
 *
 * @throws ImageError `invalid_input` where it cannot be decoded, `too_large` where it has too many pixels.
 */
export async function shrink(sharp: Sharp, image: InputImage, aim: Target): Promise<InputImage | undefined> {
  const pixels = await readPixels(sharp, image, aim.pixels);
  const made = (await withoutLoss(sharp, image, pixels, aim)) ?? (await withLoss(sharp, image, pixels, aim));
  return made && { ...made, ...(image.name !== undefined && { name: image.name }) };
}

/** An opaque image from a format without loss, packed again, where that may be enough. */
async function withoutLoss(
  sharp: Sharp,
  { bytes, mime }: InputImage,
  pixels: Pixels,
  { room, formats: taken }: Target,
): Promise<InputImage | undefined> {
  if (!isLossless(mime) || pixels.channels === 4 || bytes.length > room * 2 || !taken.includes('image/png'))
    return undefined;
  const made = await encode(sharp, pixels, { mime: 'image/png', harm: 0, isPhoto: false });
  return made.bytes.length <= room ? made : undefined;
}

function withLoss(sharp: Sharp, image: InputImage, pixels: Pixels, aim: Target): Promise<InputImage | undefined> {
  const wanted =
    image.mime === 'image/webp' ? ['image/webp'] : pixels.channels === 4 ? ['image/png', 'image/webp'] : [];
  const mime = [...wanted, 'image/jpeg', 'image/png'].find((name) => aim.formats.includes(name)) ?? 'image/png';
  const isPhoto = !isLossless(image.mime);
  const worst =
    (formats[mime]?.qualities ?? 0) + 2 * Math.max(0, Math.log2(Math.max(pixels.width, pixels.height) / shortest));
  const guess = Math.max(0, Math.log2(image.bytes.length / aim.room));
  return search((harm) => encode(sharp, pixels, { mime, harm, isPhoto }), aim, {
    guess: Math.min(guess, worst),
    worst,
  });
}

/** One try: the harm that was done, and by how many halvings its file is too large (or, below 0, has room left). */
interface Try {
  harm: number;
  excess: number;
}

/**
 * The least harm whose file fits. Harm is counted in halvings: one step more makes the file about half as large or less, so that
 * one try says where the next should be, and two that lie around the room say it better.
 */
async function search(
  attempt: (harm: number) => Promise<InputImage>,
  { room, signal }: Target,
  { guess, worst }: { guess: number; worst: number },
): Promise<InputImage | undefined> {
  let found: InputImage | undefined;
  let [tooLittle, enough]: [Try | undefined, Try | undefined] = [undefined, undefined];
  let harm = guess;
  for (let tries = 0; tries < 10; tries += 1) {
    signal.throwIfAborted();
    const made = await attempt(harm);
    const excess = Math.log2(made.bytes.length / room);
    if (excess > 0) tooLittle = { harm, excess };
    else [enough, found] = [{ harm, excess }, made];
    if (excess <= 0 && (harm === 0 || excess >= -mostSpare)) return found;
    if (excess > 0 && harm >= worst) return undefined;
    harm = tooLittle && enough ? between(tooLittle, enough) : Math.max(0, Math.min(worst, harm + excess + spare));
  }
  return found;
}

/** Where a straight line between two tries leaves the spare room. */
function between(tooLittle: Try, enough: Try): number {
  const share = (tooLittle.excess + spare) / (tooLittle.excess - Math.min(enough.excess, -spare));
  return tooLittle.harm + (enough.harm - tooLittle.harm) * Math.min(0.95, Math.max(0.05, share));
}

async function encode(
  sharp: Sharp,
  pixels: Pixels,
  { mime, harm, isPhoto }: { mime: string; harm: number; isPhoto: boolean },
): Promise<InputImage> {
  const { qualities, write } = formats[mime] as Format;
  const quality = Math.round(best - (best - least) * Math.min(1, harm));
  const scale = 2 ** (-Math.max(0, harm - qualities) / 2);
  const [width, height] = [pixels.width, pixels.height].map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ];
  const whole = fromPixels(sharp, pixels);
  const scaled = scale < 1 ? whole.resize({ width, height, fit: 'fill' }) : whole;
  const flat = mime === 'image/jpeg' ? scaled.flatten({ background: 'white' }) : scaled;
  return { bytes: await write(flat, quality, isPhoto).toBuffer(), mime, width, height };
}

import { defined } from '../defined.js';
import type { InputImage } from '../generation.js';
import { isLossless } from './inspect.js';
import { type Pixels, fromPixels, readPixels } from './pixels.js';
import type { Pipeline, Sharp } from './sharp.js';

/** What an image is fitted to. */
export interface Target {
  /** The most bytes of the file. */
  byteBudget: number;
  /** Mime types that are accepted; PNG or JPEG is among them. */
  formats: readonly string[];
  /** The most pixels. */
  pixels: number;
  signal: AbortSignal;
}

/** How a format is written, and for how many compression levels its quality is reduced before its size is. */
interface Encoder {
  qualityLevels: number;
  write(pipeline: Pipeline, quality: number, isPhoto: boolean): Pipeline;
}

const highestQuality = 95;
const lowestQuality = 80;

/** The smallest longest side that is worth sending. */
const smallestSide = 64;

/** How much smaller than its budget a file should be, and may be, as powers of two: 7 % and 20 %. */
const spare = 0.1;
const maxSpare = 0.32;

/** JPEG without optimised coding is 5 % larger and is written three times as fast. */
const encoders: Record<string, Encoder> = {
  'image/jpeg': {
    qualityLevels: 1,
    write: (pipeline, quality, isPhoto) =>
      pipeline.jpeg({ quality, optimiseCoding: false, chromaSubsampling: isPhoto ? '4:2:0' : '4:4:4' }),
  },
  'image/webp': { qualityLevels: 1, write: (pipeline, quality) => pipeline.webp({ quality, effort: 2 }) },
  'image/png': { qualityLevels: 0, write: (pipeline) => pipeline.png({ compressionLevel: 7 }) },
};

/**
 * Makes an image upright, sRGB, of an accepted format and just small enough, with the least visible loss: losslessly
 * where that suffices, else first at a lower quality, then with fewer pixels. PNG and WebP keep their transparency.
 * Undefined where even that is not enough.
 *
 * @throws ImageError `invalid_input` where it cannot be decoded, `too_large` where it has too many pixels.
 */
export async function shrink(sharp: Sharp, image: InputImage, target: Target): Promise<InputImage | undefined> {
  const pixels = await readPixels(sharp, image, target.pixels);
  const result = (await repack(sharp, image, pixels, target)) ?? (await compress(sharp, image, pixels, target));
  return result && { ...result, ...defined({ name: image.name }) };
}

/** Compresses an opaque image of a lossless format more tightly, where that may be enough. */
async function repack(
  sharp: Sharp,
  { bytes, mime }: InputImage,
  pixels: Pixels,
  { byteBudget, formats }: Target,
): Promise<InputImage | undefined> {
  const mayDo = isLossless(mime) && pixels.channels === 3 && bytes.length <= byteBudget * 2;
  if (!mayDo || !formats.includes('image/png')) return undefined;
  const result = await encode(sharp, pixels, { mime: 'image/png', compressionLevel: 0, isPhoto: false });
  return result.bytes.length <= byteBudget ? result : undefined;
}

function compress(sharp: Sharp, image: InputImage, pixels: Pixels, target: Target): Promise<InputImage | undefined> {
  const preferred =
    image.mime === 'image/webp' ? ['image/webp'] : pixels.channels === 4 ? ['image/png', 'image/webp'] : [];
  const candidates = [...preferred, 'image/jpeg', 'image/png'];
  const mime = candidates.find((name) => target.formats.includes(name)) ?? 'image/png';
  const isPhoto = !isLossless(image.mime);
  const longestSide = Math.max(pixels.width, pixels.height);
  const highest = (encoders[mime]?.qualityLevels ?? 0) + 2 * Math.max(0, Math.log2(longestSide / smallestSide));
  const first = Math.max(0, Math.log2(image.bytes.length / target.byteBudget));
  return search((compressionLevel) => encode(sharp, pixels, { mime, compressionLevel, isPhoto }), target, {
    first: Math.min(first, highest),
    highest,
  });
}

/**
 * One attempt: its compression level, and by how many powers of two its file is over the budget (negative: under it).
 */
interface Attempt {
  level: number;
  excess: number;
}

/**
 * Finds the lowest compression level whose file fits. Each level makes the file about half as large or less, so one
 * attempt predicts the next, and two on either side of the budget predict it better.
 */
async function search(
  attempt: (level: number) => Promise<InputImage>,
  { byteBudget, signal }: Target,
  { first, highest }: { first: number; highest: number },
): Promise<InputImage | undefined> {
  let best: InputImage | undefined;
  let [over, under]: [Attempt | undefined, Attempt | undefined] = [undefined, undefined];
  let level = first;
  for (let attempts = 0; attempts < 10; attempts += 1) {
    signal.throwIfAborted();
    const result = await attempt(level);
    const excess = Math.log2(result.bytes.length / byteBudget);
    if (excess > 0) over = { level, excess };
    else [under, best] = [{ level, excess }, result];
    if (excess <= 0 && (level === 0 || excess >= -maxSpare)) return best;
    if (excess > 0 && level >= highest) return undefined;
    level = over && under ? between(over, under) : Math.max(0, Math.min(highest, level + excess + spare));
  }
  return best;
}

/** The level at which a straight line between two attempts leaves the spare bytes. */
function between(over: Attempt, under: Attempt): number {
  const share = (over.excess + spare) / (over.excess - Math.min(under.excess, -spare));
  return over.level + (under.level - over.level) * Math.min(0.95, Math.max(0.05, share));
}

async function encode(
  sharp: Sharp,
  pixels: Pixels,
  { mime, compressionLevel, isPhoto }: { mime: string; compressionLevel: number; isPhoto: boolean },
): Promise<InputImage> {
  const { qualityLevels, write } = encoders[mime] as Encoder;
  const quality = Math.round(highestQuality - (highestQuality - lowestQuality) * Math.min(1, compressionLevel));
  const scale = 2 ** (-Math.max(0, compressionLevel - qualityLevels) / 2);
  const scaleSide = (side: number): number => Math.max(1, Math.round(side * scale));
  const size = { width: scaleSide(pixels.width), height: scaleSide(pixels.height) };
  const whole = fromPixels(sharp, pixels);
  const scaled = scale < 1 ? whole.resize({ ...size, fit: 'fill' }) : whole;
  const flat = mime === 'image/jpeg' ? scaled.flatten({ background: 'white' }) : scaled;
  return { bytes: await write(flat, quality, isPhoto).toBuffer(), mime, ...size };
}

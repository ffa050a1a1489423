import { strides } from './pixels.js';

/** What in a mask marks what to change: a channel, or that something is painted at all. */
export type MaskReading = 'brightness' | 'transparency' | 'strokes';

/** What a mask marks. */
export interface MaskMeaning {
  /** A byte for each pixel: 255 = change, 0 = keep. */
  change: Buffer;
  /** The number of pixels to change. */
  marked: number;
  readBy: MaskReading;
  /** Whether every pixel is fully opaque. */
  isOpaque: boolean;
  /** Whether many pixels are neither black nor white. */
  isRough: boolean;
}

/** A histogram: the visible pixels by brightness, and the number of the others. */
interface Spread {
  visible: Uint32Array;
  hidden: number;
  isOpaque: boolean;
}

/** From this value on, a pixel counts as white or as visible. */
const half = 128;

/** Up to here a pixel is black. */
const maxBlack = 31;

/**
 * Finds out what a mask marks, from the brightness and, where it has any, the opacity of its pixels, a byte each.
 *
 * In a flow white means change; black or unpainted means keep. A mask with transparent and visible pixels is read by
 * transparency instead, like OpenAI's (transparent = change), where the visible ones mean nothing: they have one
 * colour, or are an image with a hole. Where they are black and white they count, and transparent areas are kept.
 *
 * Strokes of one colour on nothing, as drawing widgets make them, look like such a mask inverted. They cover less than
 * half of it and are not black, which means keep either way.
 */
export async function resolveMeaning(
  brightness: Buffer,
  opacity: Buffer | undefined,
  isLossy: boolean,
): Promise<MaskMeaning> {
  const spread = await measureSpread(brightness, opacity);
  const readBy = chooseReading(spread);
  return {
    ...(await markedIn(brightness, opacity, readBy)),
    readBy,
    isOpaque: spread.isOpaque,
    isRough: readBy === 'brightness' && isRough(spread, isLossy),
  };
}

async function measureSpread(brightness: Buffer, opacity?: Buffer): Promise<Spread> {
  const visible = new Uint32Array(256);
  let [hidden, translucent] = [0, 0];
  for await (const [from, to] of strides(brightness.length)) {
    for (let index = from; index < to; index += 1) {
      const solid = opacity?.[index] ?? 255;
      if (solid < 255) translucent += 1;
      if (solid < half) hidden += 1;
      else visible[brightness[index] as number]! += 1;
    }
  }
  return { visible, hidden, isOpaque: translucent === 0 };
}

function chooseReading({ visible, hidden }: Spread): MaskReading {
  if (hidden === 0) return 'brightness';
  const darkest = visible.findIndex(Boolean);
  if (visible.findLastIndex(Boolean) - darkest > 16)
    return between(visible, 32, 223) > 0.05 ? 'transparency' : 'brightness';
  return darkest > maxBlack && sum(visible) < hidden ? 'strokes' : 'transparency';
}

/** Lossy formats blur black and white; in other formats soft edges are fine, but grey areas are not. */
function isRough({ visible }: Spread, isLossy: boolean): boolean {
  return isLossy ? between(visible, 1, 254) > 0 : between(visible, 32, 223) > 0.01;
}

/** The share of the visible pixels with a brightness in this range. */
function between(visible: Uint32Array, min: number, max: number): number {
  return sum(visible.subarray(min, max + 1)) / Math.max(1, sum(visible));
}

function sum(counts: Uint32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}

async function markedIn(
  brightness: Buffer,
  opacity: Buffer | undefined,
  readBy: MaskReading,
): Promise<{ change: Buffer; marked: number }> {
  const change = Buffer.alloc(brightness.length);
  let marked = 0;
  for await (const [from, to] of strides(change.length)) {
    for (let index = from; index < to; index += 1) {
      const isVisible = (opacity?.[index] ?? 255) >= half;
      const isWhite = readBy === 'strokes' || (brightness[index] as number) >= half;
      const isMarked = readBy === 'transparency' ? !isVisible : isVisible && isWhite;
      if (!isMarked) continue;
      change[index] = 255;
      marked += 1;
    }
  }
  return { change, marked };
}

import { defined } from '../defined.js';
import { ImageError } from '../errors.js';
import type { InputImage, Warning } from '../generation.js';
import { warning } from '../warning.js';
import { isLossless } from './inspect.js';
import { type MaskMeaning, resolveMeaning } from './mask-meaning.js';
import { type Size, isUpright, uprightSize } from './orientation.js';
import { atMost, decodeUpright, fromPixels, workingPixels } from './pixels.js';
import type { Pipeline, Sharp } from './sharp.js';

/** What means “change” in a mask of a service. */
export type MaskConvention = 'white' | 'transparent';

/** The largest mask that OpenAI accepts, in bytes (OpenAI API reference: create image edit). */
export const largestTransparentMask = 4_000_000;

/** A mask that was read and marks something. */
export interface ReadMask extends MaskMeaning {
  image: InputImage;
  /** Of `change`. */
  size: Size;
  /** Whether its file is upright and has the size of the image. */
  isSized: boolean;
}

/**
 * Reads what a mask marks, at the size of the upright image (nearest neighbour). A mask painted on the stored pixels of
 * a rotated image is rotated with it. `resolveMeaning` interprets the pixels.
 *
 * @throws ImageError `invalid_input` where it cannot be decoded, or marks nothing or everything.
 */
export async function readMask(sharp: Sharp, mask: InputImage, image: InputImage): Promise<ReadMask> {
  const { name: field = 'mask' } = mask;
  const upright = uprightSize(image);
  const size = atMost(upright, workingPixels);
  const isTurned = matchesStoredPixels(mask, image);
  const pixels = await decodeUpright(sharp, mask, {
    size,
    fit: 'fill',
    kernel: 'nearest',
    ...defined({ orientation: isTurned ? image.orientation : undefined }),
  });
  const brightness = await fromPixels(sharp, pixels).removeAlpha().toColourspace('b-w').raw().toBuffer();
  const opacity =
    pixels.channels === 4 ? await fromPixels(sharp, pixels).extractChannel(3).raw().toBuffer() : undefined;
  const meaning = await resolveMeaning(brightness, opacity, !isLossless(mask.mime));
  if (meaning.marked === 0) throw new ImageError('invalid_input', 'mask_empty', { field });
  if (meaning.marked === meaning.change.length) throw new ImageError('invalid_input', 'mask_full', { field });
  return { ...meaning, image: mask, size, isSized: isSame(uprightSize(isTurned ? image : mask), upright) };
}

/**
 * Writes a mask in a service's convention and in the size of its
 * image; one that already complies is returned unchanged.
 */
export async function writeMask(
  sharp: Sharp,
  mask: ReadMask,
  size: Size,
  convention: MaskConvention,
): Promise<{ mask: InputImage; warnings: Warning[] }> {
  if (isRight(mask, size, convention)) return { mask: mask.image, warnings: [] };
  const { name: field = 'mask' } = mask.image;
  const whole = fromPixels(sharp, { data: mask.change, ...mask.size, channels: 1 });
  const scaled = isSame(mask.size, size) ? whole : whole.resize({ ...size, fit: 'fill', kernel: 'nearest' });
  const grey = scaled.toColourspace('b-w');
  const written =
    convention === 'white'
      ? grey.png({ compressionLevel: 9 })
      : withOpacity(sharp, await grey.negate().raw().toBuffer(), size);
  const bytes = await written.toBuffer();
  return {
    mask: { bytes, mime: 'image/png', ...size, name: field },
    warnings: [
      ...(mask.isSized
        ? []
        : [warning('mask_resized', { field, before: inWords(uprightSize(mask.image)), after: inWords(size) })]),
      ...(mask.isRough ? [warning('mask_cleaned', { field })] : []),
      ...(mask.readBy === 'strokes' ? [warning('mask_strokes', { field })] : []),
    ],
  };
}

function isRight({ image, readBy, isOpaque, isRough }: ReadMask, size: Size, convention: MaskConvention): boolean {
  if (image.mime !== 'image/png' || !isUpright(image) || !isSame(image, size)) return false;
  return convention === 'white'
    ? readBy === 'brightness' && isOpaque && !isRough
    : readBy === 'transparency' && image.bytes.length <= largestTransparentMask;
}

/** Black pixels with this opacity. */
function withOpacity(sharp: Sharp, opacity: Buffer, size: Size): Pipeline {
  const black = sharp({ create: { ...size, channels: 3, background: 'black' } });
  return black.joinChannel(opacity, { raw: { ...size, channels: 1 } }).png({ compressionLevel: 9 });
}

/** Whether a mask was painted on the stored pixels of an image rather than on the upright image. */
function matchesStoredPixels(mask: InputImage, image: InputImage): boolean {
  return isUpright(mask) && isSame(mask, image) && !isSame(mask, uprightSize(image));
}

function isSame(one: Size, other: Size): boolean {
  return one.width === other.width && one.height === other.height;
}

function inWords({ width, height }: Size): string {
  return `${width}x${height}`;
}

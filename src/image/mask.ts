import { ImageError } from '../errors.js';
import type { Picture, Warning } from '../generation.js';
import { warning } from '../warning.js';
import { isLossless } from './inspect.js';
import { type MaskMeaning, meaningOf } from './mask-meaning.js';
import { type Size, atMost, fromPixels, isUpright, uprightSize, workingPixels } from './pixels.js';
import { type Pipeline, type Sharp, decoded, open } from './sharp.js';

/** What in a mask means “change” to a service. */
export type MaskConvention = 'white' | 'transparent';

/** The largest mask that OpenAI takes, in bytes (OpenAI API reference: create image edit). */
export const mostTransparentMask = 4_000_000;

/** A mask that was read and can work. */
export interface ReadMask extends MaskMeaning {
  picture: Picture;
  /** Of `change`. */
  size: Size;
  /** Whether its file is upright and as large as the picture. */
  isSized: boolean;
}

/**
 * Reads what a mask marks, at the size of the upright picture (nearest neighbour). One that was painted over the pixels of a
 * picture that is stored on its side is turned with it. How it is understood: `meaningOf`.
 *
 * @throws ImageError `invalid_input` where it cannot be decoded, or marks nothing or everything.
 */
export async function readMask(sharp: Sharp, mask: Picture, picture: Picture): Promise<ReadMask> {
  const { name: field = 'mask' } = mask;
  const upright = uprightSize(picture);
  const size = atMost(upright, workingPixels);
  const turned = liesAs(mask, picture) ? await turnedAs(sharp, mask, picture) : mask;
  const whole = open(sharp, turned);
  const sized = isSame(uprightSize(turned), size) ? whole : whole.resize({ ...size, fit: 'fill', kernel: 'nearest' });
  const { hasAlpha } = await decoded(mask, whole.clone().metadata());
  const brightness = await decoded(mask, sized.clone().removeAlpha().toColourspace('b-w').raw({ depth: 'uchar' }).toBuffer());
  const opacity = hasAlpha ? await decoded(mask, sized.clone().extractChannel('alpha').raw({ depth: 'uchar' }).toBuffer()) : undefined;
  const meaning = await meaningOf(brightness, opacity, !isLossless(mask.mime));
  if (meaning.marked === 0) throw new ImageError('invalid_input', 'mask_empty', { field });
  if (meaning.marked === meaning.change.length) throw new ImageError('invalid_input', 'mask_full', { field });
  return { ...meaning, picture: mask, size, isSized: isSame(uprightSize(turned), upright) };
}

/** The mask in a service's convention and as large as the picture it goes with; one that is so already is passed on byte for byte. */
export async function writeMask(sharp: Sharp, mask: ReadMask, size: Size, convention: MaskConvention): Promise<{ mask: Picture; warnings: Warning[] }> {
  if (isRight(mask, size, convention)) return { mask: mask.picture, warnings: [] };
  const { name: field = 'mask' } = mask.picture;
  const whole = fromPixels(sharp, { data: mask.change, ...mask.size, channels: 1 });
  const scaled = isSame(mask.size, size) ? whole : whole.resize({ ...size, fit: 'fill', kernel: 'nearest' });
  const grey = scaled.toColourspace('b-w');
  const made = convention === 'white' ? grey.png({ compressionLevel: 9 }) : withOpacity(sharp, await grey.negate().raw().toBuffer(), size);
  const bytes = await made.toBuffer();
  return {
    mask: { bytes, mime: 'image/png', ...size, name: field },
    warnings: [
      ...(mask.isSized ? [] : [warning('mask_resized', { field, before: inWords(uprightSize(mask.picture)), after: inWords(size) })]),
      ...(mask.isRough ? [warning('mask_cleaned', { field })] : []),
    ],
  };
}

function isRight({ picture, readBy, isOpaque, isRough }: ReadMask, size: Size, convention: MaskConvention): boolean {
  if (picture.mime !== 'image/png' || !isUpright(picture) || !isSame(picture, size)) return false;
  return convention === 'white' ? readBy === 'brightness' && isOpaque && !isRough : readBy === 'transparency' && picture.bytes.length <= mostTransparentMask;
}

/** Black pixels with this opacity. */
function withOpacity(sharp: Sharp, opacity: Buffer, size: Size): Pipeline {
  const black = sharp({ create: { ...size, channels: 3, background: 'black' } });
  return black.joinChannel(opacity, { raw: { ...size, channels: 1 } }).png({ compressionLevel: 9 });
}

function liesAs(mask: Picture, picture: Picture): boolean {
  return isUpright(mask) && isSame(mask, picture) && !isSame(mask, uprightSize(picture));
}

async function turnedAs(sharp: Sharp, mask: Picture, { orientation = 1 }: Picture): Promise<Picture> {
  const bytes = await decoded(mask, open(sharp, mask).withMetadata({ orientation }).png({ compressionLevel: 1 }).toBuffer());
  return { ...mask, bytes, mime: 'image/png', orientation };
}

function isSame(one: Size, other: Size): boolean {
  return one.width === other.width && one.height === other.height;
}

function inWords({ width, height }: Size): string {
  return `${width}x${height}`;
}

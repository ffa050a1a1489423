import { ImageError } from '../errors.js';
import type { InputImage, Warning } from '../generation.js';
import { warning } from '../warning.js';
import { isLossless } from './inspect.js';
import { type MaskMeaning, resolveMeaning } from './mask-meaning.js';
import { type Size, isUpright, uprightSize } from './orientation.js';
import { atMost, fromPixels, workingPixels } from './pixels.js';
import { type Pipeline, type Sharp, decoded, open } from './sharp.js';

/** What in a mask means “change” to a service. */
export type MaskConvention = 'white' | 'transparent';

/** The largest mask that OpenAI takes, in bytes (OpenAI API reference: create image edit). */
export const mostTransparentMask = 4_000_000;

/** A mask that was read and can work. */
export interface ReadMask extends MaskMeaning {
  image: InputImage;
  /** Of `change`. */
  size: Size;
  /** Whether its file is upright and as large as the image. */
  isSized: boolean;
}

/**
 * Reads what a mask marks, at the size of the upright image (nearest neighbour). One that was painted over the pixels of a
 * image that is stored on its side is turned with it. How it is understood: `meaningOf`.
 *
 * @throws ImageError `invalid_input` where it cannot be decoded, or marks nothing or everything.
 */
export async function readMask(sharp: Sharp, mask: InputImage, image: InputImage): Promise<ReadMask> {
  const { name: field = 'mask' } = mask;
  const upright = uprightSize(image);
  const size = atMost(upright, workingPixels);
  const turned = liesAs(mask, image) ? await turnedAs(sharp, mask, image) : mask;
  const whole = open(sharp, turned);
  const sized = isSame(uprightSize(turned), size) ? whole : whole.resize({ ...size, fit: 'fill', kernel: 'nearest' });
  const { hasAlpha } = await decoded(mask, whole.clone().metadata());
  const brightness = await decoded(
    mask,
    sized.clone().removeAlpha().toColourspace('b-w').raw({ depth: 'uchar' }).toBuffer(),
  );
  const opacity = hasAlpha
    ? await decoded(mask, sized.clone().extractChannel('alpha').raw({ depth: 'uchar' }).toBuffer())
    : undefined;
  const meaning = await resolveMeaning(brightness, opacity, !isLossless(mask.mime));
  if (meaning.marked === 0) throw new ImageError('invalid_input', 'mask_empty', { field });
  if (meaning.marked === meaning.change.length) throw new ImageError('invalid_input', 'mask_full', { field });
  return { ...meaning, image: mask, size, isSized: isSame(uprightSize(turned), upright) };
}

/** The mask in a service's convention and as large as the image it goes with; one that is so already is passed on byte for byte. */
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
  const made =
    convention === 'white'
      ? grey.png({ compressionLevel: 9 })
      : withOpacity(sharp, await grey.negate().raw().toBuffer(), size);
  const bytes = await made.toBuffer();
  return {
    mask: { bytes, mime: 'image/png', ...size, name: field },
    warnings: [
      ...(mask.isSized
        ? []
        : [warning('mask_resized', { field, before: inWords(uprightSize(mask.image)), after: inWords(size) })]),
      ...(mask.isRough ? [warning('mask_cleaned', { field })] : []),
    ],
  };
}

function isRight({ image, readBy, isOpaque, isRough }: ReadMask, size: Size, convention: MaskConvention): boolean {
  if (image.mime !== 'image/png' || !isUpright(image) || !isSame(image, size)) return false;
  return convention === 'white'
    ? readBy === 'brightness' && isOpaque && !isRough
    : readBy === 'transparency' && image.bytes.length <= mostTransparentMask;
}

/** Black pixels with this opacity. */
function withOpacity(sharp: Sharp, opacity: Buffer, size: Size): Pipeline {
  const black = sharp({ create: { ...size, channels: 3, background: 'black' } });
  return black.joinChannel(opacity, { raw: { ...size, channels: 1 } }).png({ compressionLevel: 9 });
}

function liesAs(mask: InputImage, image: InputImage): boolean {
  return isUpright(mask) && isSame(mask, image) && !isSame(mask, uprightSize(image));
}

async function turnedAs(sharp: Sharp, mask: InputImage, { orientation = 1 }: InputImage): Promise<InputImage> {
  const bytes = await decoded(
    mask,
    open(sharp, mask).withMetadata({ orientation }).png({ compressionLevel: 1 }).toBuffer(),
  );
  return { ...mask, bytes, mime: 'image/png', orientation };
}

function isSame(one: Size, other: Size): boolean {
  return one.width === other.width && one.height === other.height;
}

function inWords({ width, height }: Size): string {
  return `${width}x${height}`;
}

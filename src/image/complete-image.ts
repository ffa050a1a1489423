import { ImageError } from '../errors.js';
import type { InputImage, Warning } from '../generation.js';
import { warning } from '../warning.js';
import type { Sharp } from './sharp.js';

/** The marker that ends a JPEG (ITU-T T.81, table B.1). */
const endMarker = Buffer.from([0xff, 0xd9]);

/**
 * Whether a file without its end may still hold the whole image: only some cameras omit just the end marker of a JPEG.
 */
export function mayLackEnd({ mime, complete = true }: InputImage): boolean {
  return !complete && mime === 'image/jpeg';
}

/**
 * Refuses a file that ends inside the image, even if it would be sent unchanged.
 *
 * @throws ImageError `invalid_input`.
 */
export function refuseTruncated(image: InputImage): void {
  if (image.complete === false && !mayLackEnd(image)) throw cutOff(image);
}

/**
 * Completes an image: a JPEG that lacks only its end marker gets one, with a warning. Whether more is missing shows
 * when it is decoded, which needs sharp.
 *
 * @throws ImageError `invalid_input` where image data are missing.
 */
export async function completeImage(
  sharp: Sharp | undefined,
  image: InputImage,
): Promise<{ image: InputImage; warnings: Warning[] }> {
  refuseTruncated(image);
  if (!mayLackEnd(image)) return { image, warnings: [] };
  const bytes = Buffer.concat([image.bytes, endMarker]);
  if (sharp && (await lacksData(sharp, bytes, image))) throw cutOff(image);
  return {
    image: { ...image, bytes, complete: true },
    warnings: [warning('image_end_missing', { field: image.name ?? 'image' })],
  };
}

/** Decodes all rows but keeps only the last pixel: little is held in memory, and libjpeg reports missing data. */
async function lacksData(sharp: Sharp, bytes: Buffer, { width, height }: InputImage): Promise<boolean> {
  const last = { left: width - 1, top: height - 1, width: 1, height: 1 };
  try {
    await sharp(bytes, { failOn: 'warning', limitInputPixels: width * height })
      .extract(last)
      .raw()
      .toBuffer();
    return false;
  } catch (error) {
    return /premature end/i.test(String(error));
  }
}

function cutOff({ name = 'image' }: InputImage): ImageError {
  return new ImageError('invalid_input', 'image_cut_off', { field: name });
}

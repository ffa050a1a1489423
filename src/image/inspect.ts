import { bmp } from './formats/bmp.js';
import { gif } from './formats/gif.js';
import type { ImageFormat, ImageHeader } from './formats/header.js';
import { avif, heic } from './formats/heif.js';
import { ico } from './formats/ico.js';
import { jpeg } from './formats/jpeg.js';
import { jxl } from './formats/jxl.js';
import { png } from './formats/png.js';
import { svg } from './formats/svg.js';
import { tiff } from './formats/tiff.js';
import { webp } from './formats/webp.js';

/** What the header of an image says, without decoding it. */
export interface Inspected extends ImageHeader {
  mime: string;
  /** Without the dot. */
  extension: string;
}

/** The known formats. AVIF and HEIC share a container, so AVIF comes first; SVG is text and comes last. */
const formats: readonly ImageFormat[] = [png, jpeg, webp, gif, avif, heic, bmp, tiff, jxl, ico, svg];

/**
 * Type, size and orientation of an image from its bytes alone; undefined where they are
 * not an image of a known format, or their header holds no size. Width and height are
 * those of the stored pixels: `uprightSize` gives the displayed size.
 */
export function inspect(bytes: Uint8Array): Inspected | undefined {
  const format = formats.find(({ matches }) => matches(bytes));
  const header = format?.readHeader(bytes);
  if (!format || !header || !(header.width > 0 && header.height > 0)) return undefined;
  return { mime: format.mime, extension: format.extension, ...header };
}

/** Whether a format keeps every pixel as it was: PNG and GIF do, the others may not. */
export function isLossless(mime: string): boolean {
  return mime === 'image/png' || mime === 'image/gif';
}

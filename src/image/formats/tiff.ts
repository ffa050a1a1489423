import { hasText, readBigEndian, readLittleEndian } from './bytes.js';
import type { ImageFormat, ImageHeader } from './header.js';

/** Tags of the first directory (TIFF 6.0, section 8; EXIF 2.3, 4.6.4). */
const tags = { width: 256, height: 257, orientation: 274 };

/** The most entries of a directory that are read. */
const maxEntries = 1000;

/** Bytes of a value by its type, for the types that hold a whole number: BYTE, SHORT, LONG, LONG8. */
const lengths: Record<number, number> = { 1: 1, 3: 2, 4: 4, 16: 6 };

/** A TIFF or, with 43 instead of 42, a BigTIFF. */
export const tiff: ImageFormat = {
  mime: 'image/tiff',
  extension: 'tif',
  matches: (bytes) => ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((start) => hasText(bytes, 0, start)),
  readHeader: readTiff,
};

function readTiff(bytes: Uint8Array): ImageHeader | undefined {
  const values = readDirectory(bytes);
  const [width, height, orientation] = [tags.width, tags.height, tags.orientation].map((tag) => values.get(tag));
  if (width === undefined || height === undefined) return undefined;
  return { width, height, ...toOrientation(orientation), complete: true };
}

/** The orientation in EXIF data, which is a TIFF without pixels; `Exif\0\0` may precede it. */
export function readExifOrientation(exif: Uint8Array): { orientation?: number } {
  const data = hasText(exif, 0, 'Exif\0') ? exif.subarray(6) : exif;
  return tiff.matches(data) ? toOrientation(readDirectory(data).get(tags.orientation)) : {};
}

/** Cameras that do not support it write 0. */
function toOrientation(value: number | undefined): { orientation?: number } {
  return value !== undefined && value >= 1 && value <= 8 ? { orientation: value } : {};
}

/** The integers of the first directory, by tag; of a list only the first. */
function readDirectory(bytes: Uint8Array): Map<number, number> {
  const read = hasText(bytes, 0, 'II') ? readLittleEndian : readBigEndian;
  const isBig = read(bytes, 2, 2) === 43;
  // A BigTIFF number has eight bytes; the six that are read are enough for any file.
  const readLong = (at: number): number =>
    isBig ? read(bytes, read === readBigEndian ? at + 2 : at, 6) : read(bytes, at, 4);
  const directory = readLong(isBig ? 8 : 4);
  const first = directory + (isBig ? 8 : 2);
  const count = Math.min(maxEntries, isBig ? readLong(directory) : read(bytes, directory, 2));
  const size = isBig ? 20 : 12;
  const values = new Map<number, number>();
  for (let at = first; at < first + count * size && at + size <= bytes.length; at += size) {
    const length = lengths[read(bytes, at + 2, 2)];
    if (length === undefined) continue;
    const isShifted = length === 6 && read === readBigEndian;
    const tag = read(bytes, at, 2);
    if (!values.has(tag)) values.set(tag, read(bytes, at + (isBig ? 12 : 8) + (isShifted ? 2 : 0), length));
  }
  return values;
}

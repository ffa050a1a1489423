import { endsAround, hasText, readBigEndian } from './bytes.js';
import type { ImageFormat, ImageHeader } from './header.js';
import { readExifOrientation } from './tiff.js';

/** The most chunks that are read; a file with more of them counts as complete if it ends correctly. */
const maxChunks = 20_000;

/** PNG, animated or not (PNG specification, third edition, 5). */
export const png: ImageFormat = {
  mime: 'image/png',
  extension: 'png',
  matches: (bytes) => hasText(bytes, 0, '\x89PNG\r\n\x1a\n'),
  readHeader: readPng,
};

function readPng(bytes: Uint8Array): ImageHeader | undefined {
  if (!hasText(bytes, 12, 'IHDR') || bytes.length < 29) return undefined;
  const isInterlaced = bytes[28] === 1;
  return {
    width: readBigEndian(bytes, 16, 4),
    height: readBigEndian(bytes, 20, 4),
    ...(isInterlaced && { progressive: true as const }),
    ...walkChunks(bytes),
  };
}

/** The orientation (chunk eXIf) and whether the file is complete. */
function walkChunks(bytes: Uint8Array): Pick<ImageHeader, 'orientation' | 'complete'> {
  let exif: { orientation?: number } = {};
  let at = 8;
  for (let count = 0; count < maxChunks; count += 1) {
    if (hasText(bytes, at + 4, 'IEND')) return { complete: true, ...exif };
    const length = readBigEndian(bytes, at, 4);
    if (hasText(bytes, at + 4, 'eXIf') && exif.orientation === undefined) {
      exif = readExifOrientation(bytes.subarray(at + 8, at + 8 + length));
    }
    at += 12 + length;
    if (at >= bytes.length) return { complete: false, ...exif };
  }
  return { complete: endsAround(bytes, 'IEND', 64), ...exif };
}

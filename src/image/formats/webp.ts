import { hasText, readLittleEndian } from './bytes.js';
import type { ImageFormat, ImageHeader } from './header.js';
import { readExifOrientation } from './tiff.js';

/** The most chunks that are read: an animation has one per frame. */
const maxChunks = 20_000;

/** WebP, lossy, lossless or extended (RFC 9649). */
export const webp: ImageFormat = {
  mime: 'image/webp',
  extension: 'webp',
  matches: (bytes) => hasText(bytes, 0, 'RIFF') && hasText(bytes, 8, 'WEBP'),
  readHeader: readWebp,
};

function readWebp(bytes: Uint8Array): ImageHeader | undefined {
  const size = readSize(bytes);
  if (!size || bytes.length < 30) return undefined;
  // Some writers omit the byte that pads the last chunk to an even length.
  const complete = readLittleEndian(bytes, 4, 4) + 8 <= bytes.length + 1;
  return { ...size, ...readOrientation(bytes), complete };
}

function readSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  if (hasText(bytes, 12, 'VP8X')) {
    return { width: readLittleEndian(bytes, 24, 3) + 1, height: readLittleEndian(bytes, 27, 3) + 1 };
  }
  if (hasText(bytes, 12, 'VP8L') && bytes[20] === 0x2f) {
    const bits = readLittleEndian(bytes, 21, 4);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (hasText(bytes, 12, 'VP8 ') && hasText(bytes, 23, '\x9d\x01\x2a')) {
    return { width: readLittleEndian(bytes, 26, 2) & 0x3fff, height: readLittleEndian(bytes, 28, 2) & 0x3fff };
  }
  return undefined;
}

/** Only the extended format has EXIF data, in a chunk after the image. */
function readOrientation(bytes: Uint8Array): { orientation?: number } {
  if (!hasText(bytes, 12, 'VP8X')) return {};
  let at = 12;
  for (let count = 0; count < maxChunks && at + 8 <= bytes.length; count += 1) {
    const length = readLittleEndian(bytes, at + 4, 4);
    if (hasText(bytes, at, 'EXIF')) return readExifOrientation(bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length + (length % 2);
  }
  return {};
}

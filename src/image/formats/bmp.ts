import { hasText, readLittleEndian } from './bytes.js';
import type { ImageFormat, ImageHeader } from './header.js';

/** Lengths of the second header, by which its versions are recognised. */
const headers = new Set([12, 16, 40, 52, 56, 64, 108, 124]);

/** The bitmap of Windows and OS/2. */
export const bmp: ImageFormat = {
  mime: 'image/bmp',
  extension: 'bmp',
  matches: (bytes) => hasText(bytes, 0, 'BM') && headers.has(readLittleEndian(bytes, 14, 4)),
  readHeader: readBmp,
};

function readBmp(bytes: Uint8Array): ImageHeader | undefined {
  if (bytes.length < 34) return undefined;
  const header = readLittleEndian(bytes, 14, 4);
  const fieldBytes = header === 12 ? 2 : 4;
  const width = readLittleEndian(bytes, 18, fieldBytes);
  const stored = readLittleEndian(bytes, 18 + fieldBytes, fieldBytes);
  // A height below zero: the rows are stored from the top.
  const height = fieldBytes === 4 && stored > 0x7fffffff ? 2 ** 32 - stored : stored;
  const depth = readLittleEndian(bytes, 18 + 2 * fieldBytes + 2, 2);
  const isPlain = header < 40 || [0, 3, 6].includes(readLittleEndian(bytes, 30, 4));
  const end = readLittleEndian(bytes, 10, 4) + Math.ceil((width * depth) / 32) * 4 * height;
  return { width, height, complete: !isPlain || end <= bytes.length };
}

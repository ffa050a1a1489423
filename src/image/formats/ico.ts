import { hasText, readLittleEndian } from './bytes.js';
import type { ImageFormat, ImageHeader } from './header.js';

/** A Windows icon: a directory of images, of which the largest counts. */
export const ico: ImageFormat = {
  mime: 'image/x-icon',
  extension: 'ico',
  matches: (bytes) => hasText(bytes, 0, '\0\0\x01\0') && isEntry(bytes, 6),
  readHeader: readIco,
};

function readIco(bytes: Uint8Array): ImageHeader {
  const count = Math.min(256, readLittleEndian(bytes, 4, 2));
  const entries = Array.from({ length: count }, (_, index) => 6 + index * 16).filter((at) => isEntry(bytes, at));
  const sizes = entries.map((at) => ({ width: readSide(bytes, at), height: readSide(bytes, at + 1) }));
  const largest = sizes.reduce((one, other) => (other.width > one.width ? other : one), { width: 0, height: 0 });
  const ends = entries.map((at) => readLittleEndian(bytes, at + 8, 4) + readLittleEndian(bytes, at + 12, 4));
  return { ...largest, complete: ends.every((end) => end <= bytes.length) };
}

/** 0 stands for 256, which does not fit into a byte. */
function readSide(bytes: Uint8Array, at: number): number {
  const side = bytes[at] ?? 0;
  return side === 0 ? 256 : side;
}

/** An entry has a byte that is 0, and its image comes after the directory. */
function isEntry(bytes: Uint8Array, at: number): boolean {
  const directory = 6 + 16 * readLittleEndian(bytes, 4, 2);
  return at + 16 <= bytes.length && bytes[at + 3] === 0 && readLittleEndian(bytes, at + 12, 4) >= directory;
}

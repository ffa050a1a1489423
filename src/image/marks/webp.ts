import { hasText, readLittleEndian } from '../formats/bytes.js';
import { webp } from '../formats/webp.js';
import { writeExifComment } from './exif-comment.js';
import type { MarkFormat } from './mark.js';

/** Flags of the extended header (RFC 9649, 2.7). */
const flags = { xmp: 0x04, exif: 0x08, alpha: 0x10 };

/** The most chunks that are read: an animation has one per frame. */
const maxChunks = 20_000;

/** WebP: chunks after the image, which need the extended header. */
export const webpMarks: MarkFormat = {
  isMarked: (bytes) => hasChunk(bytes, 'XMP ') || hasChunk(bytes, 'C2PA'),
  insert(bytes, { xmp, settings }) {
    const end = Math.min(bytes.length, 8 + readLittleEndian(bytes, 4, 4));
    const exif =
      settings !== undefined && !hasChunk(bytes, 'EXIF') ? [writeChunk('EXIF', writeExifComment(settings))] : [];
    const header = extendedHeader(bytes, flags.xmp | (exif.length > 0 ? flags.exif : 0));
    if (!header) return undefined;
    const image = bytes.subarray(hasText(bytes, 12, 'VP8X') ? 30 : 12, end);
    const padding = Buffer.alloc(image.length % 2);
    const content = Buffer.concat([header, image, padding, ...exif, writeChunk('XMP ', xmp)]);
    const start = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
    start.writeUInt32LE(content.length + 4, 4);
    return Buffer.concat([start, content]);
  },
};

function hasChunk(bytes: Uint8Array, type: string): boolean {
  let at = 12;
  for (let count = 0; count < maxChunks && at + 8 <= bytes.length; count += 1) {
    if (hasText(bytes, at, type)) return true;
    const length = readLittleEndian(bytes, at + 4, 4);
    at += 8 + length + (length % 2);
  }
  return false;
}

/** The existing extended header, or a new one, with flags added. */
function extendedHeader(bytes: Uint8Array, added: number): Buffer | undefined {
  if (hasText(bytes, 12, 'VP8X')) {
    const header = Buffer.from(bytes.subarray(12, 30));
    header[8] = (header[8] ?? 0) | added;
    return header;
  }
  const size = webp.readHeader(bytes);
  if (!size) return undefined;
  const data = Buffer.alloc(10);
  // Of the simple formats only the lossless one can be transparent, which a bit of its header says.
  const hasAlpha = hasText(bytes, 12, 'VP8L') && ((bytes[24] ?? 0) & 0x10) !== 0;
  data[0] = added | (hasAlpha ? flags.alpha : 0);
  data.writeUIntLE(size.width - 1, 4, 3);
  data.writeUIntLE(size.height - 1, 7, 3);
  return writeChunk('VP8X', data);
}

function writeChunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

import { hasText, readLittleEndian } from './bytes.js';
import type { ImageFormat, ImageHeader } from './header.js';

/** The most blocks that are read; a file with more of them counts as complete. */
const maxBlocks = 400_000;

const introducer = { extension: 0x21, image: 0x2c, end: 0x3b };

/** GIF (GIF89a specification, 17 to 27). */
export const gif: ImageFormat = {
  mime: 'image/gif',
  extension: 'gif',
  matches: (bytes) => hasText(bytes, 0, 'GIF87a') || hasText(bytes, 0, 'GIF89a'),
  readHeader: readGif,
};

function readGif(bytes: Uint8Array): ImageHeader | undefined {
  if (bytes.length < 13) return undefined;
  return {
    width: readLittleEndian(bytes, 6, 2),
    height: readLittleEndian(bytes, 8, 2),
    complete: isComplete(bytes),
  };
}

/** Whether each block ends within the file. Many writers omit the trailer, which holds nothing. */
function isComplete(bytes: Uint8Array): boolean {
  let at = 13 + colourTable(bytes[10]);
  let images = 0;
  let blocks = 0;
  while (at < bytes.length && blocks < maxBlocks) {
    const kind = bytes[at];
    if (kind === introducer.image) {
      images += 1;
      at += 11 + colourTable(bytes[at + 9]);
    } else if (kind === introducer.extension) at += 2;
    else return images > 0;
    while ((bytes[at] ?? 0) > 0 && blocks < maxBlocks) {
      at += 1 + (bytes[at] as number);
      blocks += 1;
    }
    at += 1;
    blocks += 1;
  }
  return images > 0 && at <= bytes.length;
}

/** The length in bytes of the colour table that these flags declare. */
function colourTable(flags = 0): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

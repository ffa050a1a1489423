import { readBigEndian, readText } from './bytes.js';

/**
 * A box of an ISO media file: its content is from `from` to before
 * `to`, which may be beyond the end of a truncated file.
 */
export interface Box {
  type: string;
  from: number;
  to: number;
}

/** The most sibling boxes that are read; a photo has a few hundred at most. */
const maxBoxes = 1000;

/** The boxes between two positions (ISO/IEC 14496-12, 4.2). */
export function readBoxes(bytes: Uint8Array, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  const end = Math.min(to, bytes.length);
  for (let at = from; at + 8 <= end && boxes.length < maxBoxes;) {
    const size = readBigEndian(bytes, at, 4);
    const isLong = size === 1;
    // 0 = to the end. Of eight bytes of length six are read, which hold more than any file.
    const length = isLong ? readBigEndian(bytes, at + 10, 6) : size === 0 ? end - at : size;
    const header = isLong ? 16 : 8;
    if (length < header) break;
    boxes.push({ type: readText(bytes, at + 4, 4), from: at + header, to: at + length });
    at += length;
  }
  return boxes;
}

/** The first box of a type between two positions. */
export function findBox(
  bytes: Uint8Array,
  within: Pick<Box, 'from' | 'to'> | undefined,
  type: string,
): Box | undefined {
  return within && readBoxes(bytes, within.from, within.to).find((box) => box.type === type);
}

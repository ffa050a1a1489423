import { readBoxes } from './boxes.js';
import { hasText } from './bytes.js';
import type { ImageFormat, ImageHeader } from './header.js';

const container = '\0\0\0\x0cJXL \r\n\x87\n';

/** The ratios of width to height that a header can name (ISO/IEC 18181-1, C.2). */
const ratios = [0, 1, 12 / 10, 4 / 3, 3 / 2, 16 / 9, 5 / 4, 2];

/** The most bytes of size and orientation. */
const longestHeader = 12;

/** JPEG XL, as a bare codestream or in a container. */
export const jxl: ImageFormat = {
  mime: 'image/jxl',
  extension: 'jxl',
  matches: (bytes) => hasText(bytes, 0, '\xff\x0a') || hasText(bytes, 0, container),
  readHeader: readJxl,
};

function readJxl(bytes: Uint8Array): ImageHeader | undefined {
  if (!hasText(bytes, 0, container)) return readCodestream(bytes, 0, true);
  const boxes = readBoxes(bytes, 0, bytes.length);
  const stream = boxes.find(({ type }) => type === 'jxlc' || type === 'jxlp');
  const complete = boxes.every(({ to }) => to <= bytes.length);
  // Each part of a split codestream begins with its number.
  return stream && readCodestream(bytes, stream.from + (stream.type === 'jxlp' ? 4 : 0), complete);
}

function readCodestream(bytes: Uint8Array, start: number, complete: boolean): ImageHeader | undefined {
  if (!hasText(bytes, start, '\xff\x0a') || start + longestHeader > bytes.length) return undefined;
  const read = bitReader(bytes, start + 2);
  const isSmall = read(1) === 1;
  const readSide = (): number => (isSmall ? 8 * (read(5) + 1) : 1 + read([9, 13, 18, 30][read(2)] as number));
  const height = readSide();
  const ratio = read(3);
  const width = ratio === 0 ? readSide() : Math.floor(height * (ratios[ratio] as number));
  const hasOrientation = read(1) === 0 && read(1) === 1;
  return { width, height, ...(hasOrientation && { orientation: 1 + read(3) }), complete };
}

/** Reads numbers of up to 30 bits, the least significant bit first. */
function bitReader(bytes: Uint8Array, start: number): (bits: number) => number {
  let position = start * 8;
  return (bits) => {
    let value = 0;
    for (let bit = 0; bit < bits; bit += 1) {
      value += (((bytes[position >> 3] ?? 0) >> (position & 7)) & 1) * 2 ** bit;
      position += 1;
    }
    return value;
  };
}

import { hasText, readBigEndian } from './bytes.js';
import type { ImageFormat, ImageHeader } from './header.js';
import { readExifOrientation } from './tiff.js';

/** The most markers before the image data, and the most stray bytes between them, that are read. */
const maxSegments = 4000;
const maxJunk = 32_768;

/** Where the end of the image is searched first: it is elsewhere only in a file with other data after the image. */
const tail = 65_536;

/** How far it is then searched from the start of the image data. */
const searched = 4_000_000;

const marker = { end: 0xd9, scan: 0xda, app1: 0xe1 };

/** JPEG (ITU-T T.81, annex B), read as leniently as browsers and libjpeg do. */
export const jpeg: ImageFormat = {
  mime: 'image/jpeg',
  extension: 'jpg',
  matches: (bytes) => hasText(bytes, 0, '\xff\xd8\xff'),
  readHeader: readJpeg,
};

function readJpeg(bytes: Uint8Array): ImageHeader | undefined {
  let frame: Pick<ImageHeader, 'width' | 'height' | 'progressive'> | undefined;
  let exif: { orientation?: number } = {};
  let scan: number | undefined;
  for (const { code, at, length } of readSegments(bytes)) {
    if (isFrame(code) && at + 7 <= bytes.length) frame ??= readFrame(bytes, code, at);
    if (code === marker.app1 && exif.orientation === undefined && hasText(bytes, at + 2, 'Exif\0')) {
      exif = readExifOrientation(bytes.subarray(at + 2, at + length));
    }
    if (code === marker.scan) scan = at;
  }
  return frame && { complete: scan !== undefined && hasEnd(bytes, scan), ...frame, ...exif };
}

/** A marker, the position of its parameters (which begin with their length), and their length. */
export interface Segment {
  code: number;
  at: number;
  length: number;
}

/** The segments up to the first scan. Fill bytes and stray bytes before a marker are skipped (T.81, B.1.1.2). */
export function readSegments(bytes: Uint8Array): Segment[] {
  const segments: Segment[] = [];
  let at = 2;
  let junk = 0;
  for (let count = 0; count < maxSegments && junk < maxJunk; count += 1) {
    for (; junk < maxJunk && at < bytes.length && !isMarker(bytes, at); at += 1) junk += 1;
    const code = bytes[at + 1];
    if (code === undefined) break;
    const length = hasParameters(code) ? readBigEndian(bytes, at + 2, 2) : 0;
    segments.push({ code, at: at + 2, length });
    if (code === marker.scan || code === marker.end) break;
    at += 2 + length;
  }
  return segments;
}

function isMarker(bytes: Uint8Array, at: number): boolean {
  const code = bytes[at + 1];
  return bytes[at] === 0xff && code !== undefined && code !== 0 && code !== 0xff;
}

/** All but restart markers, the start and the end of an image (T.81, table B.1). */
function hasParameters(code: number): boolean {
  return code !== 0x01 && !(code >= 0xd0 && code <= 0xd9);
}

/** The start of a frame, whatever its coding; C4, C8 and CC are other segments. */
function isFrame(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc;
}

function readFrame(bytes: Uint8Array, code: number, at: number): Pick<ImageHeader, 'width' | 'height' | 'progressive'> {
  const isProgressive = [0xc2, 0xc6, 0xca, 0xce].includes(code);
  return {
    width: readBigEndian(bytes, at + 5, 2),
    height: readBigEndian(bytes, at + 3, 2),
    ...(isProgressive && { progressive: true as const }),
  };
}

/** Whether the end marker follows; it cannot occur within image data. */
function hasEnd(bytes: Uint8Array, scan: number): boolean {
  const start = Math.max(scan, bytes.length - tail);
  return hasEndBetween(bytes, start, bytes.length) || hasEndBetween(bytes, scan, Math.min(start + 1, scan + searched));
}

/** A loop over every other byte: `indexOf` for two bytes takes 20 times as long in a file full of the first one. */
function hasEndBetween(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 2) {
    const byte = bytes[at];
    if (byte === 0xff && bytes[at + 1] === marker.end) return true;
    if (byte === marker.end && at > from && bytes[at - 1] === 0xff) return true;
  }
  return false;
}

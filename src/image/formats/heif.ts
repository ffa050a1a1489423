import { type Box, findBox, readBoxes } from './boxes.js';
import { hasText, readBigEndian, readText } from './bytes.js';
import type { ImageFormat, ImageHeader } from './header.js';

/** Brands of a file whose container holds a still image or a sequence of them (ISO/IEC 23008-12, 10). */
const heifBrands = /^(avi[fs]|mif1|msf1|hei[cxms]|hev[cxms])$/;

/** The most items that are read to find the properties of the primary one. */
const maxItems = 2000;

/** HEIF coded as AV1 (AVIF 1.1, 6). */
export const avif: ImageFormat = {
  mime: 'image/avif',
  extension: 'avif',
  matches: (bytes) => isHeif(bytes) && /avi[fs]/.test(readBrands(bytes)),
  readHeader: readHeif,
};

/** HEIF coded differently, mostly as HEVC: what iPhones store. */
export const heic: ImageFormat = { mime: 'image/heic', extension: 'heic', matches: isHeif, readHeader: readHeif };

function isHeif(bytes: Uint8Array): boolean {
  return hasText(bytes, 4, 'ftyp') && heifBrands.test(readText(bytes, 8, 4));
}

function readBrands(bytes: Uint8Array): string {
  return readText(bytes, 8, Math.min(readBigEndian(bytes, 0, 4), 208) - 8);
}

function readHeif(bytes: Uint8Array): ImageHeader | undefined {
  const top = readBoxes(bytes, 0, bytes.length);
  const complete =
    top.every(({ to }) => to <= bytes.length) &&
    top.some(({ type }) => type === 'mdat' || hasInnerData(bytes, type, top));
  const header = readPrimaryItem(bytes, top) ?? readTrack(bytes, top);
  return header && { ...header, complete };
}

/** Small images may have their data in the `meta` box. */
function hasInnerData(bytes: Uint8Array, type: string, top: Box[]): boolean {
  return type === 'meta' && findBox(bytes, contentOfMeta(top), 'idat') !== undefined;
}

type Shape = Omit<ImageHeader, 'complete'>;

/** Size and orientation of the displayed item, from its properties (ISO/IEC 23008-12, 6.5). */
function readPrimaryItem(bytes: Uint8Array, top: Box[]): Shape | undefined {
  const meta = contentOfMeta(top);
  const described = findBox(bytes, meta, 'iprp');
  const container = findBox(bytes, described, 'ipco');
  if (!container) return undefined;
  const all = readBoxes(bytes, container.from, container.to);
  const properties = readIndices(
    bytes,
    findBox(bytes, described, 'ipma'),
    readPrimaryId(bytes, findBox(bytes, meta, 'pitm')),
  )
    .map((index) => all[index - 1])
    .filter((box) => box !== undefined);
  return readShape(bytes, properties) ?? readShape(bytes, all.filter(({ type }) => type === 'ispe').slice(0, 1));
}

function contentOfMeta(top: Box[]): Pick<Box, 'from' | 'to'> | undefined {
  const meta = top.find(({ type }) => type === 'meta');
  return meta && { from: meta.from + 4, to: meta.to };
}

function readPrimaryId(bytes: Uint8Array, pitm: Box | undefined): number | undefined {
  return pitm && readBigEndian(bytes, pitm.from + 4, bytes[pitm.from] === 0 ? 2 : 4);
}

/** The indices of an item's properties in the list of all, counted from 1 (ISO/IEC 23008-12, 9.3). */
function readIndices(bytes: Uint8Array, ipma: Box | undefined, wanted: number | undefined): number[] {
  if (!ipma) return [];
  const idLength = bytes[ipma.from] === 0 ? 2 : 4;
  const indexLength = (bytes[ipma.from + 3] ?? 0) & 1 ? 2 : 1;
  const items = Math.min(maxItems, readBigEndian(bytes, ipma.from + 4, 4));
  let at = ipma.from + 8;
  for (let item = 0; item < items && at < bytes.length; item += 1) {
    const id = readBigEndian(bytes, at, idLength);
    const count = bytes[at + idLength] ?? 0;
    const first = at + idLength + 1;
    if (id === wanted) {
      const mask = indexLength === 2 ? 0x7fff : 0x7f;
      return Array.from(
        { length: count },
        (_, index) => readBigEndian(bytes, first + index * indexLength, indexLength) & mask,
      );
    }
    at = first + count * indexLength;
  }
  return [];
}

/**
 * The EXIF orientation after one more rotation by 90 degrees to the left, or reflection top to bottom or left to right.
 */
const turnLeft = [0, 8, 5, 6, 7, 4, 1, 2, 3];
const flip = [0, 4, 3, 2, 1, 8, 7, 6, 5];
const flop = [0, 2, 1, 4, 3, 6, 5, 8, 7];

/** Applies the properties in order, as a decoder does: size, crop, rotation, reflection. */
function readShape(bytes: Uint8Array, properties: Box[]): Shape | undefined {
  let [width, height, orientation] = [0, 0, 1];
  for (const { type, from, to } of properties) {
    if (to > bytes.length) return undefined;
    if (type === 'ispe') [width, height] = [readBigEndian(bytes, from + 4, 4), readBigEndian(bytes, from + 8, 4)];
    if (type === 'clap') [width, height] = [readFraction(bytes, from, width), readFraction(bytes, from + 8, height)];
    if (type === 'irot') {
      for (let turns = (bytes[from] ?? 0) & 3; turns > 0; turns -= 1) orientation = turnLeft[orientation] as number;
    }
    if (type === 'imir') orientation = ((bytes[from] ?? 0) & 1 ? flop : flip)[orientation] as number;
  }
  return width > 0 ? { width, height, ...(orientation > 1 && { orientation }) } : undefined;
}

/** A crop larger than the image is ignored. */
function readFraction(bytes: Uint8Array, at: number, max: number): number {
  const value = Math.floor(readBigEndian(bytes, at, 4) / readBigEndian(bytes, at + 4, 4));
  return value > 0 && value < max ? value : max;
}

/** The size of the first track, for a sequence without a still image. */
function readTrack(bytes: Uint8Array, top: Box[]): Shape | undefined {
  const movie = top.find(({ type }) => type === 'moov');
  const track = findBox(bytes, findBox(bytes, movie, 'trak'), 'tkhd');
  if (!track || track.to > bytes.length) return undefined;
  const at = track.from + (bytes[track.from] === 1 ? 88 : 76);
  return { width: readBigEndian(bytes, at, 2), height: readBigEndian(bytes, at + 4, 2) };
}

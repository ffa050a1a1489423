import type { Picture } from '../generation.js';
import type { MaskConvention } from './mask.js';

/** The pictures of one request. The mask goes with the first. */
export interface Pictures {
  images: Picture[];
  mask?: Picture;
}

/** What a service takes of pictures. */
export interface PictureRules {
  /** Mime types; PNG or JPEG is among them. */
  formats: readonly string[];
  /** The largest request body, in bytes; absent = no limit. */
  body?: number;
  mask: MaskConvention;
}

/** A request that pictures are to have room in. */
export interface Room {
  rules: PictureRules;
  /** The length in bytes of the encoded request with these pictures; asked about stand-ins, too, of which only the length counts. */
  measure: (pictures: Pictures) => number;
}

/** Bytes that a picture's type and padding may add to its place in a request. */
const slack = 16;

/** The length of a stand-in; a multiple of three, so that base64 needs no padding. */
const probe = 3000;

/** Whether the whole request is small enough. */
export function isWithin(pictures: Pictures, { rules, measure }: Room): boolean {
  return rules.body === undefined || measure(pictures) <= rules.body;
}

/** The bytes that all pictures together may have before they are encoded, whatever the encoding and the rest of the request. */
export function roomFor({ images, mask }: Pictures, { rules, measure }: Room): number {
  if (rules.body === undefined) return Infinity;
  const count = images.length + (mask ? 1 : 0);
  const lengthWith = (length: number): number => {
    const standIn = (picture: Picture): Picture => ({ ...picture, bytes: new Uint8Array(length) });
    return measure({ images: images.map(standIn), ...(mask && { mask: standIn(mask) }) });
  };
  const empty = lengthWith(0);
  const perByte = (lengthWith(probe) - empty) / (count * probe);
  return Math.max(0, Math.floor((rules.body - empty) / perByte) - count * slack);
}

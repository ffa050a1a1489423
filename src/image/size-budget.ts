import type { InputImage } from '../generation.js';
import type { MaskConvention } from './mask.js';

/** The images of one request. The mask goes with the first. */
export interface InputImages {
  images: InputImage[];
  mask?: InputImage;
}

/** What a service takes of images. */
export interface ImageRules {
  /** Mime types; PNG or JPEG is among them. */
  formats: readonly string[];
  /** The largest request body, in bytes; absent = no limit. */
  body?: number;
  mask: MaskConvention;
}

/** A request that images are to have room in. */
export interface SizeBudget {
  rules: ImageRules;
  /** The length in bytes of the encoded request with these images; asked about stand-ins, too, of which only the length counts. */
  measure: (images: InputImages) => number;
}

/** Bytes that an image's type and padding may add to its place in a request. */
const slack = 16;

/** The length of a stand-in; a multiple of three, so that base64 needs no padding. */
const probe = 3000;

/** Whether the whole request is small enough. */
export function isWithin(images: InputImages, { rules, measure }: SizeBudget): boolean {
  return rules.body === undefined || measure(images) <= rules.body;
}

/** The bytes that all images together may have before they are encoded, whatever the encoding and the rest of the request. */
export function byteBudget({ images, mask }: InputImages, { rules, measure }: SizeBudget): number {
  if (rules.body === undefined) return Infinity;
  const count = images.length + (mask ? 1 : 0);
  const lengthWith = (length: number): number => {
    const standIn = (image: InputImage): InputImage => ({ ...image, bytes: new Uint8Array(length) });
    return measure({ images: images.map(standIn), ...(mask && { mask: standIn(mask) }) });
  };
  const empty = lengthWith(0);
  const perByte = (lengthWith(probe) - empty) / (count * probe);
  return Math.max(0, Math.floor((rules.body - empty) / perByte) - count * slack);
}

import type { InputImage } from '../generation.js';
import { defined } from '../defined.js';
import type { MaskConvention } from './mask.js';

/** The images of one request. The mask belongs to the first. */
export interface InputImages {
  images: InputImage[];
  mask?: InputImage;
}

/** The images that a service accepts. */
export interface ImageRules {
  /** Mime types; PNG or JPEG is among them. */
  formats: readonly string[];
  /** The largest request body, in bytes; absent = no limit. */
  body?: number;
  /** The largest file, in bytes before it is encoded; absent = no limit. */
  file?: number;
  mask: MaskConvention;
}

/** The size limit of a request, and its size with given images. */
export interface SizeBudget {
  rules: ImageRules;
  /**
   * The length in bytes of the encoded request with these images; also called with placeholders, of which only the
   * length counts.
   */
  measure: (images: InputImages) => number;
}

/** Bytes that an image's type and padding may add to the request. */
const overhead = 16;

/** The length of a placeholder; a multiple of three, so that base64 needs no padding. */
const placeholderLength = 3000;

/** Whether the whole request is small enough, and each of its images. */
export function isWithinBudget(images: InputImages, { rules, measure }: SizeBudget): boolean {
  const { body = Infinity, file = Infinity } = rules;
  return images.images.every(({ bytes }) => bytes.length <= file) && (body === Infinity || measure(images) <= body);
}

/** How many bytes all images together may have before they are encoded, for any encoding and any other fields. */
export function byteBudget({ images, mask }: InputImages, { rules, measure }: SizeBudget): number {
  if (rules.body === undefined) return Infinity;
  const count = images.length + (mask ? 1 : 0);
  const lengthWith = (length: number): number => {
    const placeholder = (image: InputImage): InputImage => ({ ...image, bytes: new Uint8Array(length) });
    return measure({ images: images.map(placeholder), ...defined({ mask: mask && placeholder(mask) }) });
  };
  const empty = lengthWith(0);
  const perByte = (lengthWith(placeholderLength) - empty) / (count * placeholderLength);
  return Math.max(0, Math.floor((rules.body - empty) / perByte) - count * overhead);
}

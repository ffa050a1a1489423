import { ImageError } from '../errors.js';
import type { InputImage } from '../generation.js';
import { limits, maxInputImages } from '../limits.js';
import { isObject } from '../json.js';
import { findEncoded, holdsImage, isBinary, isHttpUrl } from './encoded-text.js';
import { findInObject, isBlob, isBufferJson, isBytes, isIndexed, isInstance } from './image-object.js';
import { inspect } from './inspect.js';
import { findImage, readBytes } from './read-bytes.js';

/**
 * The accepted formats of input images; of a GIF the first frame is used. What a service does not take is converted.
 */
const taken = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif']);

/**
 * Whether a value can only be meant as an image, valid or not: bytes, an
 * array, encoded text, an object that holds any of these.
 */
export function looksLikeImage(value: unknown): boolean {
  if (typeof value === 'string') return isImageText(value);
  if (isBytes(value) || Array.isArray(value) || isBufferJson(value) || isBlob(value)) return true;
  return isIndexed(value) || isInstance(value) || (isObject(value) && findInObject(value).kind !== 'nothing');
}

function isImageText(text: string): boolean {
  // A text over the limit is not examined.
  if (text.length > limits.input) return true;
  return findEncoded(text) !== undefined || isBinary(text) || holdsImage(text);
}

/** Downloads the bytes at a URL; `field` names where the URL comes from. */
export type FetchAddress = (address: string, field: string) => Promise<Buffer>;

/**
 * The image or images in a value: Buffer, Uint8Array, Blob, data URL, base64 text, http(s) URL, an object that holds
 * one of these, or an array of them. `field` names where the value comes from, for error messages.
 *
 * @throws ImageError `invalid_input` where anything in it is not a usable image; errors of `fetchAddress`.
 */
export async function toInputImages(value: unknown, field: string, fetchAddress: FetchAddress): Promise<InputImage[]> {
  if (!Array.isArray(value) || typeof value[0] === 'number') return [await toImage(value, field, fetchAddress)];
  if (value.length === 0) throw new ImageError('invalid_input', 'empty_list', { field });
  if (value.length > maxInputImages) {
    throw new ImageError('invalid_input', 'too_many_images', {
      field,
      count: value.length,
      limit: maxInputImages,
    });
  }
  const items = Array.from(value, (item: unknown, index) => ({ item, name: `${field}[${index}]` }));
  const addresses = items.filter(({ item }) => isHttpUrl(item));
  const fetched = await Promise.all(
    addresses.map(async ({ item, name }) => [name, await toImage(item, name, fetchAddress)] as const),
  );
  const images = new Map(fetched);
  // One after the other, so that not all of them are in memory in both forms at the same time.
  for (const { item, name } of items) {
    if (!images.has(name)) images.set(name, await toImage(item, name, fetchAddress));
  }
  return items.map(({ name }) => images.get(name)!);
}

async function toImage(given: unknown, place: string, fetchAddress: FetchAddress): Promise<InputImage> {
  const { value, field } = findImage(given, place);
  const bytes = isHttpUrl(value) ? await fetchAddress(value, field) : await readBytes(value, field);
  if (bytes.length > limits.input)
    throw new ImageError('too_large', 'input_too_large', { field, megabytes: limits.input / 1e6 });
  const header = inspect(bytes);
  if (!header) throw new ImageError('invalid_input', 'not_an_image', { field });
  if (!taken.has(header.mime))
    throw new ImageError('invalid_input', 'format_not_taken', { field, format: header.mime });
  const { extension: _, ...shape } = header;
  return { bytes, ...shape, name: isHttpUrl(value) ? (fileNameIn(value) ?? field) : field };
}

/** The name of the image file at the end of a URL, if there is one. */
function fileNameIn(address: string): string | undefined {
  return /\/([\w.-]{1,60}\.(?:png|jpe?g|webp|gif|avif))(?:[?#]|$)/i.exec(address.trim())?.[1];
}

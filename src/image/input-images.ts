import { isAnyArrayBuffer } from 'node:util/types';
import { ImageError } from '../errors.js';
import type { InputImage } from '../generation.js';
import { limits } from '../limits.js';
import { decodeBase64, isDataUrl, parseDataUrl } from './data-url.js';
import { inspect } from './inspect.js';

/** What a flow may bring; a GIF counts by its first frame. What a service does not take of these is converted (fit). */
const taken = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif']);

/** Enough base64 to hold the header that tells an image from any other text. */
const sample = 64;

/** Whether a value can only be meant as an image: bytes, a list, a data URL, base64 of an image. */
export function looksLikeImage(value: unknown): boolean {
  if (typeof value === 'string') return isDataUrl(value) || isBase64Image(value);
  return isBytes(value) || Array.isArray(value) || isBufferJson(value);
}

/** Whether a text is an http(s) address and nothing else. */
export function isHttpUrl(value: unknown): value is string {
  return typeof value === 'string' && /^\s*https?:\/\/\S+\s*$/i.test(value);
}

/** Fetches the bytes at an address; `field` names the place it comes from. */
export type FetchAddress = (address: string, field: string) => Promise<Buffer>;

/**
 * The image or images in a value: Buffer, Uint8Array, data URL, base64 text, http(s) URL, or a list of these. `field` names
 * the place the value comes from, for the error's sentence.
 *
 * @throws ImageError `invalid_input` where anything in it is not an image that the service takes; what fetching throws.
 */
export async function toInputImages(value: unknown, field: string, fetchAddress: FetchAddress): Promise<InputImage[]> {
  if (!Array.isArray(value)) return [await toImage(value, field, fetchAddress)];
  if (value.length === 0) throw new ImageError('invalid_input', 'empty_list', { field });
  // Not `map`, which passes over holes.
  return Promise.all(Array.from(value, (item: unknown, index) => toImage(item, `${field}[${index}]`, fetchAddress)));
}

async function toImage(value: unknown, field: string, fetchAddress: FetchAddress): Promise<InputImage> {
  const bytes = isHttpUrl(value) ? await fetchAddress(value, field) : toBytes(value, field);
  if (bytes.length > limits.input)
    throw new ImageError('too_large', 'input_too_large', { field, megabytes: limits.input / 1e6 });
  const header = inspect(bytes);
  if (!header) throw new ImageError('invalid_input', 'not_a_image', { field });
  if (!taken.has(header.mime))
    throw new ImageError('invalid_input', 'format_not_taken', { field, format: header.mime });
  const { extension: _, ...shape } = header;
  return {
    bytes,
    ...shape,
    name: isHttpUrl(value) ? (fileNameIn(value) ?? field) : field,
  };
}

/** The name of the image file that an address ends in, if it does. */
function fileNameIn(address: string): string | undefined {
  return /\/([\w.-]{1,60}\.(?:png|jpe?g|webp|gif|avif))(?:[?#]|$)/i.exec(address.trim())?.[1];
}

function toBytes(value: unknown, field: string): Uint8Array {
  if (Buffer.isBuffer(value)) return value;
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (isAnyArrayBuffer(value)) return Buffer.from(value);
  if (isBufferJson(value)) return Buffer.from(value.data);
  const bytes = typeof value === 'string' ? (parseDataUrl(value)?.bytes ?? decodeBase64(value)) : undefined;
  if (!bytes) throw new ImageError('invalid_input', 'not_a_image', { field });
  return bytes;
}

function isBase64Image(text: string): boolean {
  const start = text
    .slice(0, sample * 2)
    .replace(/\s/g, '')
    .slice(0, sample);
  return start.length >= 12 && /^[\w+/-]+={0,2}$/.test(start) && inspectsAsImage(text, start);
}

function inspectsAsImage(text: string, start: string): boolean {
  return hasSignature(Buffer.from(start, 'base64')) && inspect(decodeBase64(text)) !== undefined;
}

/** The first bytes of PNG, JPEG, GIF, WebP, AVIF and HEIC: cheap to look at before a long text is decoded. */
function hasSignature(bytes: Buffer): boolean {
  const text = bytes.toString('latin1', 0, 12);
  return /^(\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP|....ftyp(avi[fs]|mif1|msf1|hei[cx]|hev[cx]))/s.test(text);
}

/** Bytes of any make, also from a function node, whose classes are not those of this module. */
function isBytes(value: unknown): boolean {
  return ArrayBuffer.isView(value) || isAnyArrayBuffer(value);
}

/** A Buffer that has been through JSON. */
function isBufferJson(value: unknown): value is { type: 'Buffer'; data: number[] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as { type?: unknown }).type === 'Buffer' &&
    Array.isArray((value as { data?: unknown }).data)
  );
}

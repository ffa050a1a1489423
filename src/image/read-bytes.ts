import { isAnyArrayBuffer } from 'node:util/types';
import { ImageError } from '../errors.js';
import { limits } from '../limits.js';
import { inSlices } from '../time-slice.js';
import { decodeText } from './decode-text.js';
import { findEncoded, holdsImage, isBinary, isPath } from './encoded-text.js';
import { findInObject, isBlob, isBufferJson, isBytes, isIndexed, isInstance } from './image-object.js';
import { isObject } from '../json.js';

/** Numbers that are copied at a time, in less than a millisecond. */
const piece = 65_536;

/** Percent-encoded, each byte takes three characters. */
const maxTextLength = limits.input * 3 + 10_000;

/** Finds the bytes of an image: an object may hold them in one of its properties. */
export function findImage(value: unknown, field: string): { value: unknown; field: string } {
  if (
    !isObject(value) ||
    isBytes(value) ||
    isBlob(value) ||
    isBufferJson(value) ||
    isIndexed(value) ||
    isInstance(value)
  )
    return { value, field };
  const found = findInObject(value);
  if (found.kind === 'image') return { value: found.value, field: `${field}.${found.key}` };
  if (found.kind === 'text') throw new ImageError('invalid_input', 'bytes_as_text', { field });
  if (found.kind === 'bytes')
    throw new ImageError('invalid_input', 'image_in_object', { field, path: `${field}.${found.path}` });
  return { value, field };
}

/**
 * Reads the bytes of an image from a value of any form, in one pass and in
 * short slices. `field` names where the value comes from.
 *
 * @throws ImageError `invalid_input` where the value is no image, `too_large` where it is over the limit.
 */
export async function readBytes(value: unknown, field: string): Promise<Uint8Array> {
  if (isBytes(value)) return toView(value);
  if (typeof value === 'string') return readText(value, field);
  if (isBlob(value)) return readBlob(value, field);
  if (Array.isArray(value)) return readNumbers(value as unknown[], value.length, field);
  if (isBufferJson(value)) {
    return typeof value.data === 'string'
      ? readBytes(value.data, field)
      : readNumbers(value.data, value.data.length, field);
  }
  if (isIndexed(value)) return readIndexed(value, field);
  if (isInstance(value)) throw instanceError(value as object, field);
  throw new ImageError('invalid_input', 'not_an_image', { field });
}

function toView(value: ArrayBufferView | ArrayBufferLike): Uint8Array {
  if (isAnyArrayBuffer(value)) return Buffer.from(value);
  return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

function tooLarge(field: string): ImageError {
  return new ImageError('too_large', 'input_too_large', { field, megabytes: limits.input / 1e6 });
}

async function readText(text: string, field: string): Promise<Buffer> {
  if (text.length > maxTextLength) throw tooLarge(field);
  const encoded = findEncoded(text);
  if (!encoded) throw new ImageError('invalid_input', textProblem(text), { field });
  const minBytes = encoded.encoding === 'base64' ? ((encoded.end - encoded.start) * 2) / 3 : 0;
  if (minBytes > limits.input) throw tooLarge(field);
  const bytes = await decodeText(text, encoded);
  if (!bytes) throw new ImageError('invalid_input', 'base64_damaged', { field });
  return bytes;
}

function textProblem(text: string): 'bytes_as_text' | 'image_inside_text' | 'path_not_read' | 'not_an_image' {
  if (isBinary(text)) return 'bytes_as_text';
  if (holdsImage(text)) return 'image_inside_text';
  return isPath(text) ? 'path_not_read' : 'not_an_image';
}

async function readBlob(blob: Blob, field: string): Promise<Uint8Array> {
  if (blob.size > limits.input) throw tooLarge(field);
  return Buffer.from(await blob.arrayBuffer());
}

async function readNumbers(numbers: Record<number, unknown>, length: number, field: string): Promise<Uint8Array> {
  if (length > limits.input) throw tooLarge(field);
  const bytes = Buffer.allocUnsafeSlow(length);
  const isWhole = await inSlices({ length, piece }, (start, end) => {
    for (let index = start; index < end; index++) {
      const number = numbers[index];
      if (typeof number !== 'number' || (number & 255) !== number) return false;
      bytes[index] = number;
    }
    return true;
  });
  if (!isWhole) throw new ImageError('invalid_input', 'not_an_image', { field });
  return bytes;
}

async function readIndexed(object: Record<number, unknown>, field: string): Promise<Uint8Array> {
  let length = 0;
  await inSlices({ length: limits.input + piece, piece }, (_, end) => {
    while (length < end && object[length] !== undefined) length += 1;
    return length === end;
  });
  return readNumbers(object, length, field);
}

/** Instances of classes are not examined: each class gives its bytes differently. */
function instanceError(value: object, field: string): ImageError {
  const { then, pipe, getReader, bitmap, constructor } = value as Record<string, unknown> & {
    constructor?: { name?: unknown };
  };
  if (typeof then === 'function') return new ImageError('invalid_input', 'object_promise', { field });
  if (typeof pipe === 'function' || typeof getReader === 'function')
    return new ImageError('invalid_input', 'object_stream', { field });
  if (bitmap !== undefined) return new ImageError('invalid_input', 'object_jimp', { field });
  const name = typeof constructor?.name === 'string' ? constructor.name.slice(0, 40) : 'Object';
  return new ImageError('invalid_input', 'object_class', { field, name });
}

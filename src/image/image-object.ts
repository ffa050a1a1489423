import { isAnyArrayBuffer } from 'node:util/types';
import { isObject } from '../json.js';
import { findEncoded, isBinary } from './encoded-text.js';
import { hasSignature } from './signature.js';

/** What an object that is not an image contains. */
export type FoundInObject =
  /** The one property that holds an image. */
  | { kind: 'image'; key: string; value: unknown }
  /** Bytes that may be meant, but it is unclear which. */
  | { kind: 'bytes'; path: string }
  /** The content of a binary file read as text: `curl -d @photo.jpg` sends it as the name of a field. */
  | { kind: 'text' }
  /** Nothing that can be read as an image. */
  | { kind: 'nothing' };

/** The most properties of an object that are examined, over all levels. */
const mostProperties = 500;
const deepest = 4;

/** Bytes of any class, also from a function node, whose global classes differ from ours. */
export function isBytes(value: unknown): value is ArrayBufferView | ArrayBufferLike {
  return ArrayBuffer.isView(value) || isAnyArrayBuffer(value);
}

/** A Blob or a File, as http clients and forms give them. */
export function isBlob(value: unknown): value is Blob {
  return (
    /^\[object (Blob|File)\]$/.test(Object.prototype.toString.call(value)) && isObject(value) && 'arrayBuffer' in value
  );
}

/** A Buffer that has been through JSON, its bytes as numbers or, as some libraries write it, as base64. */
export function isBufferJson(value: unknown): value is { type: 'Buffer'; data: number[] | string } {
  return isObject(value) && value.type === 'Buffer' && (Array.isArray(value.data) || typeof value.data === 'string');
}

/** A Uint8Array that has been through JSON: `{"0": 137, "1": 80, ...}`. A few numbers could be anything else. */
export function isIndexed(value: unknown): value is Record<number, number> {
  if (!isObject(value) || !isByte(value[0])) return false;
  const start = Array.from({ length: 32 }, (_, index) => value[index]);
  return start.every(isByte) && (hasSignature(Uint8Array.from(start)) || isByte(value[255]));
}

/** Whether an object is an instance of a class: a stream, a Promise, a Jimp image. A Date counts as its number. */
export function isInstance(value: unknown): boolean {
  if (!isObject(value) || isBytes(value) || isBlob(value) || isDate(value)) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  // Plain objects from a function node have a different Object.prototype, also without a parent.
  return prototype !== null && Object.getPrototypeOf(prototype) !== null;
}

function isDate(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object Date]';
}

/** Finds an image in a plain object: a message of a chat bot, an uploaded file, the answer of an API. */
export function findInObject(object: Record<string, unknown>): FoundInObject {
  const entries = firstEntries(object, mostProperties);
  const [first, ...more] = entries.filter(([, value]) => isImageForm(value));
  if (first && more.length === 0) return { kind: 'image', key: first[0], value: first[1] };
  if (!first && entries.some(([key, value]) => isBinary(start(key)) || isBinary(start(value)))) return { kind: 'text' };
  const path = first?.[0] ?? findBytes(object);
  return path === undefined ? { kind: 'nothing' } : { kind: 'bytes', path };
}

/** The beginning of a text, which is enough to recognise the content of a binary file by its control characters. */
function start(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 1000) : '';
}

/** A text in an object, however long, only counts as an image if it begins like one. */
function isImageForm(value: unknown): boolean {
  if (typeof value === 'string') return isImageText(value);
  return isBytes(value) || isBlob(value) || isBufferJson(value) || isIndexed(value);
}

function isImageText(text: string): boolean {
  if (!/^\s*b?["']?(data\W|image\/|base64|[\w+/-]{12})/i.test(text.slice(0, 50))) return false;
  const encoded = findEncoded(text);
  if (!encoded) return false;
  return (
    /^\s*data(:|%3a)image/i.test(text.slice(0, 100)) || beginsAsImage(text.slice(encoded.start, encoded.start + 64))
  );
}

function beginsAsImage(digits: string): boolean {
  return hasSignature(Buffer.from(digits.replace(/\s/g, ''), 'base64'));
}

/** The path of the first bytes in an object, breadth first. */
function findBytes(object: Record<string, unknown>): string | undefined {
  let level: [string, unknown][] = [['', object]];
  let left = mostProperties;
  for (let depth = 0; depth < deepest && level.length > 0; depth++) {
    const next = level.flatMap(([path, value]) =>
      firstEntries(value, left).map(([key, entry]): [string, unknown] => [path === '' ? key : `${path}.${key}`, entry]),
    );
    const found = next.find(([, value]) => isImageForm(value));
    if (found) return found[0];
    left -= next.length;
    level = left > 0 ? next : [];
  }
  return undefined;
}

/** The first properties of a plain object or array; getters are not called. */
function firstEntries(value: unknown, most: number): [string, unknown][] {
  if (typeof value !== 'object' || value === null || isInstance(value)) return [];
  const entries: [string, unknown][] = [];
  for (const key in value) {
    if (entries.length >= most) break;
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (property && 'value' in property) entries.push([key, property.value as unknown]);
  }
  return entries;
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && (value & 255) === value;
}

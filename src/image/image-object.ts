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
const maxProperties = 500;
const maxDepth = 4;

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
  const entries = firstEntries(object, maxProperties);
  const [first, ...more] = entries.filter(([, value]) => isImageForm(value));
  if (first && more.length === 0) return { kind: 'image', key: first[0], value: first[1] };
  if (!first && entries.some(([key, value]) => isBinary(start(key)) || isBinary(start(value)))) return { kind: 'text' };
  const path = first?.[0] ?? findBytes(entries);
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

/** The path of the first bytes within what the properties of an object hold, breadth first. */
function findBytes(properties: [string, unknown][]): string | undefined {
  let level = properties;
  let left = maxProperties - properties.length;
  for (let depth = 1; depth < maxDepth && left > 0; depth++) {
    level = level.flatMap(([path, value]) =>
      firstEntries(value, left).map(([key, entry]): [string, unknown] => [`${path}.${key}`, entry]),
    );
    const found = level.find(([, value]) => isImageForm(value));
    if (found) return found[0];
    left -= level.length;
  }
  return undefined;
}

/**
 * The first properties of a plain object or array; getters are not called. Nothing lists only some of the names: of an
 * object with 700,000 that takes less than half of the time in which JSON made it, and is done once.
 */
function firstEntries(value: unknown, max: number): [string, unknown][] {
  if (typeof value !== 'object' || value === null || isInstance(value)) return [];
  const names = Array.isArray(value) ? firstIndices(value, max) : Object.keys(value).slice(0, max);
  return names.flatMap((name): [string, unknown][] => {
    const property = Object.getOwnPropertyDescriptor(value, name);
    return property && 'value' in property ? [[name, property.value as unknown]] : [];
  });
}

function firstIndices({ length }: unknown[], max: number): string[] {
  return Array.from({ length: Math.min(length, max) }, (_, index) => String(index));
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && (value & 255) === value;
}

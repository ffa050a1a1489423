import { createHash, webcrypto } from 'node:crypto';
import type { GenerationRequest } from '../generation.js';
import { isObject } from '../json.js';

/** Where a request is sent; the same request gives other images elsewhere. */
export interface DigestTarget {
  service: string;
  /** The address that the paths hang on. */
  root: string;
  edits: string;
  /** The byte limit that the images are fitted to, where there is one. */
  bodyLimit?: number;
}

/** Equal for the same requests. Images are hashed off the event loop. */
export async function digestRequest(
  { images, mask, extra, prompt, response_format: _, user: __, ...fields }: GenerationRequest,
  target: DigestTarget,
): Promise<string> {
  const { response_format: ___, user: ____, ...further } = extra;
  const hashes = await Promise.all(images.map(({ bytes }) => hash(bytes)));
  const maskHash = mask && (await hash(mask.bytes));
  const content = { target, fields: { ...fields, ...further }, prompt, images: hashes, mask: maskHash };
  return hashText(JSON.stringify(toCanonical(content)));
}

/** A short text is hashed at once: threads that hash it would change the order of the requests. */
async function hashText(text: string): Promise<string> {
  return text.length < 65_536 ? createHash('sha256').update(text).digest('hex') : hash(Buffer.from(text));
}

async function hash(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)).toString('hex');
}

/** The same value whatever the order of its properties. */
function toCanonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toCanonical);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  return names.map((name) => [name, toCanonical(value[name])]);
}

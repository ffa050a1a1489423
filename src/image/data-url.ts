/** How the octets in a text are encoded: as base64, or with percent signs where they are not ASCII (RFC 2397). */
export type Encoding = 'base64' | 'percent';

/** The part of a data URL before its octets. */
export interface DataUrlHeader {
  mime: string;
  encoding: Encoding;
  /** The position of the first octet. */
  start: number;
}

/** Characters that are searched for a header. */
const headLength = 1000;

/** A type or parameters, then `;base64`; spaces, `image/*` and a missing semicolon are common. */
const base64Header = /^\s*data:([^]{0,900}?)(?:;|(?<=:))\s*base64\s*,/i;

/** Without base64 a type or a parameter is needed: `data: and then words` is prose. */
const percentHeader = /^\s*data:([\w.+-]+\/[\w.+*-]+)?((?:\s*;[^;,]{1,200}){0,5})\s*,/i;

/** A data URL that was encoded as a whole by `encodeURIComponent`. */
const encodedHeader = /^\s*data%3a[^]{0,900}?%2c/i;

/** The header of a data URL, as WHATWG defines it and as people write it; undefined for any other text. */
export function readHeader(text: string): DataUrlHeader | undefined {
  const head = text.slice(0, headLength);
  const encoded = encodedHeader.exec(head)?.[0];
  const plain = encoded === undefined ? head : decodeHead(encoded);
  const base64 = base64Header.exec(plain);
  const percent = base64 ? null : percentHeader.exec(plain);
  if (!base64 && percent?.[1] === undefined && !percent?.[2]) return undefined;
  return {
    mime: (base64?.[1] ?? percent?.[1] ?? '').split(';')[0]!.trim() || 'text/plain',
    encoding: base64 ? 'base64' : 'percent',
    start: (encoded ?? base64?.[0] ?? percent![0]).length,
  };
}

function decodeHead(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** Bytes as a data URL. */
export function toDataUrl(mime: string, bytes: Buffer): string {
  return `data:${mime};base64,${bytes.toString('base64')}`;
}

/** A Buffer that does not share its memory with Node's pool or other Buffers: messages pass it on to other nodes. */
export function ownMemory(bytes: Buffer): Buffer {
  if (bytes.buffer.byteLength === bytes.length) return bytes;
  const own = Buffer.from(new ArrayBuffer(bytes.length));
  bytes.copy(own);
  return own;
}

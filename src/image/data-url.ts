/** A data URL taken apart. */
export interface DataUrl {
  mime: string;
  bytes: Buffer;
}

/** How the octets of a text are written: as base64, or behind percent signs where they are not ASCII (RFC 2397). */
export type Encoding = 'base64' | 'percent';

/** The part of a data URL before its octets. */
export interface DataUrlHeader {
  mime: string;
  encoding: Encoding;
  /** Where the octets begin. */
  start: number;
}

/** A header is looked for in so many first characters. */
const headLength = 1000;

/** A type or parameters, then `;base64`: blanks around them, `image/*` and a missing semicolon are common. */
const base64Header = /^\s*data:([^]{0,900}?)(?:;|(?<=:))\s*base64\s*,/i;

/** Without base64 a type or a parameter is needed: `data: and then words` is prose. */
const percentHeader = /^\s*data:([\w.+-]+\/[\w.+*-]+)?((?:\s*;[^;,]{1,200}){0,5})\s*,/i;

/** An address that was encoded as a whole, as `encodeURIComponent` does. */
const encodedHeader = /^\s*data%3a[^]{0,900}?%2c/i;

/** The header of a data URL, as WHATWG reads it and as people write it; undefined where a text is none. */
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

/** Whether a text begins as a data URL that names a type or base64 does; `data: and then words` is prose. */
export function isDataUrl(text: string): boolean {
  return readHeader(text) !== undefined;
}

/** The bytes in a base64 or percent-encoded data URL; undefined where it is none. */
export function parseDataUrl(text: string): DataUrl | undefined {
  const header = readHeader(text);
  if (!header) return undefined;
  const data = text.slice(header.start);
  return { mime: header.mime, bytes: header.encoding === 'base64' ? decodeBase64(data) : decodePercent(data) };
}

/** Bytes as a data URL. */
export function toDataUrl(mime: string, bytes: Buffer): string {
  return `data:${mime};base64,${bytes.toString('base64')}`;
}

/** Base64 of either alphabet as bytes in memory of their own. */
export function decodeBase64(text: string): Buffer {
  return ownMemory(Buffer.from(text, 'base64'));
}

/** Octets that stand as `%89` or, where they are ASCII, as themselves (RFC 3986 2.1). */
function decodePercent(text: string): Buffer {
  const octets = text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return ownMemory(Buffer.from(octets, 'latin1'));
}

/** A Buffer that does not share its memory with Node's pool or with other Buffers: messages hand it on to other nodes. */
export function ownMemory(bytes: Buffer): Buffer {
  if (bytes.buffer.byteLength === bytes.length) return bytes;
  const own = Buffer.from(new ArrayBuffer(bytes.length));
  bytes.copy(own);
  return own;
}

/** A data URL taken apart. */
export interface DataUrl {
  mime: string;
  bytes: Buffer;
}

const head = /^\s*data:([\w.+-]+\/[\w.+-]+)?((?:;[^;,\s]{1,100}){0,5}),/i;

/** Whether a text begins as a data URL that names a type or base64 does (RFC 2397); `data: and then words` is prose. */
export function isDataUrl(text: string): boolean {
  const match = head.exec(text.slice(0, 1000));
  return match !== null && (match[1] !== undefined || match[2] !== '');
}

/** The bytes in a base64 or percent-encoded data URL; undefined where it is none. */
export function parseDataUrl(text: string): DataUrl | undefined {
  const match = isDataUrl(text) ? head.exec(text.slice(0, 1000)) : null;
  if (!match) return undefined;
  const data = text.slice(match[0].length);
  const mime = match[1] ?? 'text/plain';
  if (/;base64$/i.test(match[2] ?? '')) return { mime, bytes: decodeBase64(data) };
  return { mime, bytes: decodePercent(data) };
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

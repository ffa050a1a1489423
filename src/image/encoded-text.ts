import { type Encoding, readHeader } from './data-url.js';
import { hasSignature } from './signature.js';

/** The position and encoding of an image in a text. */
export interface EncodedText {
  encoding: Encoding;
  start: number;
  end: number;
}

/** Characters by which a text is recognised: enough for a header and several lines of base64. */
const headLength = 1000;

/** Longer text in the alphabet of base64 cannot be a word. */
const longestWord = 200;

/** `image/png;base64,` as some APIs answer, without `data:` before it. */
const headless = /^\s*(?:image\/[\w.+*-]+\s*;\s*)?base64\s*,/i;

/**
 * Finds the octets in a text that can only be meant as an image: a data URL, base64 that begins like an image, or a
 * long text in the alphabet of base64. Quotation marks around it, as in JSON and Python's `b'...'`, are ignored.
 */
export function findEncoded(text: string): EncodedText | undefined {
  const { start, end } = unquote(text);
  const head = text.slice(start, start + headLength);
  const header = readHeader(head);
  if (header) return { encoding: header.encoding, start: start + header.start, end };
  const label = headless.exec(head)?.[0].length ?? 0;
  if (label > 0 || isBase64(head, end - start)) return { encoding: 'base64', start: start + label, end };
  return undefined;
}

function unquote(text: string): { start: number; end: number } {
  const open = /^\s*b?(["'])/.exec(text.slice(0, 20));
  let end = text.length;
  for (let spaces = 0; spaces < headLength && /\s/.test(text.charAt(end - 1)); spaces++) end -= 1;
  const isQuoted = open !== null && end > open[0].length && text[end - 1] === open[1];
  return isQuoted ? { start: open[0].length, end: end - 1 } : { start: 0, end };
}

function isBase64(head: string, length: number): boolean {
  const start = head.trimStart().slice(0, 100).replace(/\\[nr]|\\|\s/g, '').slice(0, 64); // prettier-ignore
  if (!hasLongWords(head)) return false;
  if (/^[\w+/-]{12}/.test(start) && hasSignature(Buffer.from(start, 'base64'))) return true;
  return length >= longestWord && /^[\w+/-]+={0,2}$/.test(head.replace(/\s/g, ''));
}

/** Spaces are line breaks, or pluses that a form turned into spaces: far fewer than between words. */
function hasLongWords(head: string): boolean {
  const words = head.trim().split(/\s+/);
  return words.length === 1 || head.length / words.length >= 20;
}

/** Except line breaks and tabs, and except 0x80 to 0x9f, which occur in words read in the wrong character set. */
const controlCharacter = /(?![\t-\r\x80-\x9f])\p{Cc}/u;

/**
 * The first bytes of an image written as numbers or in hexadecimal, as in `137,80,78,71,...`, `[255,216,...]` and
 * `<Buffer 89 50 ...>`.
 */
const writtenBytes =
  /^\s*(\{\s*"type"\s*:\s*"Buffer"\s*,\s*"data"\s*:\s*)?[[<(]?(Buffer )?\s*((137,\s*80|255,\s*216|71,\s*73|82,\s*73)(,\s*\d{1,3}){12}|(89 50|ff d8|47 49|52 49)( [\da-f]{2}){12})/i;

/**
 * Whether a text is the content of a binary file: no prompt holds
 * control characters, or begins with the bytes of an image.
 */
export function isBinary(text: string): boolean {
  const head = text.slice(0, 100_000);
  if (controlCharacter.test(head) || writtenBytes.test(head.slice(0, 200))) return true;
  const unreadable = head.split('\ufffd').length - 1;
  return unreadable > 0 && (head.startsWith('\ufffd') || unreadable * 20 > head.length);
}

/**
 * Whether an encoded image is inside other text, as in `<img src="data:image/png;base64,...">` and
 * `{"image":"iVBORw0KGgo..."}`.
 */
export function holdsImage(text: string): boolean {
  const head = text.slice(0, 100_000);
  return (
    /data:image\/[\w.+*-]{1,50}\s*;\s*base64\s*,/i.test(head) ||
    /[>"':=,\s](iVBORw0KGgo|\/9j\/[24]|R0lGOD[dl]h|UklGR)[\w+/]{100}/.test(head)
  );
}

/** Whether a text is an http(s) address and nothing else. */
export function isHttpUrl(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 10_000 && /^\s*https?:\/\/\S+\s*$/i.test(value);
}

/** Whether a text is the location of a file that is not fetched here: `rtsp://...`, `/data/a/b.jpg`, `C:\\a.png`. */
export function isPath(text: string): boolean {
  const path = text.slice(0, 2000).trim();
  if (/\s/.test(path)) return /^([a-z]:\\|\/|~\/|\.{1,2}\/)[^\n]*\.(png|jpe?g|webp|gif|avif|heic|bmp)$/i.test(path);
  return /^([a-z][a-z\d+.-]+:\/\/|[a-z]:\\|~\/|\.{1,2}\/|\/[^/]+\/)./i.test(path);
}

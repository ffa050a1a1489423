import { inSlices, nextTurn } from '../time-slice.js';
import type { EncodedText } from './encoded-text.js';

/** Characters that are decoded at a time, in less than a millisecond; a multiple of 4. */
const piece = 65_536;

/** The octets of an encoded text, decoded in short slices; undefined where the text is damaged. */
export async function decodeText(text: string, { encoding, start, end }: EncodedText): Promise<Buffer | undefined> {
  const octets = text.slice(start, end);
  return encoding === 'base64' ? decodeBase64(octets) : decodePercent(octets);
}

async function decodeBase64(text: string): Promise<Buffer | undefined> {
  // Scanning a long text takes a slice of its own.
  if (text.length > piece) await nextTurn();
  const bytes = Buffer.allocUnsafeSlow(Math.ceil((text.length * 3) / 4));
  const clean = cleaner(text);
  let written = 0;
  let rest = '';
  const decode = (digits: string): boolean => {
    const count = bytes.write(digits, written, 'base64');
    written += count;
    // Node.js skips invalid characters; then bytes are missing.
    return digits.length % 4 !== 1 && count === Math.floor((digits.length * 3) / 4);
  };
  const isWhole = await inSlices({ length: text.length, piece }, (from, to) => {
    const isLast = to === text.length;
    const { digits, tail } = clean(rest + text.slice(from, to), isLast);
    const usable = isLast ? digits.length : digits.length - (digits.length % 4);
    rest = digits.slice(usable) + tail;
    return decode(isLast ? withoutPadding(digits) : digits.slice(0, usable));
  });
  return isWhole ? trimmed(bytes, written) : undefined;
}

/** Removes what is not a digit of base64: line breaks, also written as `\\n`, and percent encoding. */
function cleaner(text: string): (part: string, isLast: boolean) => { digits: string; tail: string } {
  const blanksArePluses = hasBlanksForPluses(text);
  const isEscaped = text.includes('%') || text.includes('\\');
  return (part, isLast) => {
    // An escape may be cut by the end of a part.
    const cut = isEscaped && !isLast ? part.length - (/(%.?|\\)$/.exec(part.slice(-2))?.[0].length ?? 0) : part.length;
    let digits = part.slice(0, cut);
    if (isEscaped) digits = digits.replace(/%[\da-f]{2}/gi, unescaped).replace(/\\[nr]|\\/g, '');
    return { digits: /\s/.test(digits) ? withoutBlanks(digits, blanksArePluses) : digits, tail: part.slice(cut) };
  };
}

/** Octet by octet: replacing many blanks in a string makes far more garbage. */
function withoutBlanks(digits: string, blanksArePluses: boolean): string {
  const octets = Buffer.from(digits, 'latin1');
  let length = 0;
  for (const octet of octets) {
    if (octet === blank && blanksArePluses) octets[length++] = plus;
    else if (octet > blank) octets[length++] = octet;
  }
  return octets.toString('latin1', 0, length);
}

const blank = 0x20;
const plus = 0x2b;

function unescaped(escape: string): string {
  return String.fromCharCode(parseInt(escape.slice(1), 16));
}

/** Whether form encoding has turned each `+` into a space: there is no plus, and the spaces are no line breaks. */
function hasBlanksForPluses(text: string): boolean {
  if (!text.includes(' ') || text.includes('+')) return false;
  const [first = '', second = '', ...more] = text.slice(0, 1000).trim().split(/ +/);
  return !(first.length >= 60 && (more.length === 0 || first.length === second.length));
}

function withoutPadding(digits: string): string {
  return digits.replace(/={1,2}$/, '');
}

/** Decodes octets written as `%89` or, where they are ASCII, as themselves (RFC 3986 2.1). */
async function decodePercent(text: string): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(text.length);
  let written = 0;
  let read = 0;
  await inSlices({ length: text.length, piece }, (_, to) => {
    while (read < to) {
      const octet = text.charCodeAt(read) === percent ? octetAt(text, read) : -1;
      bytes[written++] = octet >= 0 ? octet : text.charCodeAt(read);
      read += octet >= 0 ? 3 : 1;
    }
    return true;
  });
  return trimmed(bytes, written);
}

const percent = 0x25;

function octetAt(text: string, index: number): number {
  const [high, low] = [digit(text.charCodeAt(index + 1)), digit(text.charCodeAt(index + 2))];
  return high >= 0 && low >= 0 ? high * 16 + low : -1;
}

/** The value of a hexadecimal digit; -1 for anything else. */
function digit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** Copies the first bytes into memory of their own. */
function trimmed(bytes: Buffer, length: number): Buffer {
  return length === bytes.length ? bytes : Buffer.from(bytes.buffer.slice(0, length));
}

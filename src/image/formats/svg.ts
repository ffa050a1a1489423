import { readText } from './bytes.js';
import type { ImageFormat, ImageHeader } from './header.js';

/** The root tag must end within so many bytes: editors write long comments before it. */
const head = 1_000_000;

/** Bytes at the end that are searched for the closing tag. */
const tail = 65_536;

/** The most comments, declarations and instructions before the root. */
const maxPrologue = 1000;

/** The most attributes of the root that are read. */
const maxAttributes = 500;

/** The size that browsers give an SVG without one (CSS 2.2, 10.3.2). */
const fallback = { width: 300, height: 150 };

/** Pixels in a unit of length (CSS Values and Units 4, 6); em and ex at the usual size of text. */
const units: Record<string, number> = {
  '': 1,
  px: 1,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
  q: 96 / 101.6,
  pt: 4 / 3,
  pc: 16,
  em: 16,
  rem: 16,
  ex: 8,
};

/** SVG, behind a byte order mark, an XML declaration, comments and a DOCTYPE. */
export const svg: ImageFormat = {
  mime: 'image/svg+xml',
  extension: 'svg',
  matches: (bytes) => findRoot(readHead(bytes)) !== undefined,
  readHeader: readSvg,
};

function readSvg(bytes: Uint8Array): ImageHeader | undefined {
  const text = readHead(bytes);
  const start = findRoot(text);
  if (start === undefined) return undefined;
  const { attributes, end } = readTag(text, start);
  const isClosed = text[end] === '/' || bytes[1] === 0 || bytes[0] === 0xfe || bytes[0] === 0xff;
  const complete =
    isClosed || /<\/(?:[\w-]{1,40}:)?svg\s{0,40}>/.test(readText(bytes, Math.max(0, bytes.length - tail), tail));
  return { ...toSize(attributes), complete };
}

function readHead(bytes: Uint8Array): string {
  const start = bytes.subarray(0, head);
  if (start[0] === 0xff && start[1] === 0xfe) return new TextDecoder('utf-16le').decode(start);
  if (start[0] === 0xfe && start[1] === 0xff) return new TextDecoder('utf-16be').decode(start);
  return readText(start, start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? 3 : 0, head);
}

/** The end of the root's name; undefined where the text is not SVG. */
function findRoot(text: string): number | undefined {
  let at = 0;
  for (let count = 0; count < maxPrologue && at >= 0; count += 1) {
    at = skipBlanks(text, at);
    if (text[at] !== '<') return undefined;
    if (text.startsWith('<?', at)) at = after(text, '?>', at);
    else if (text.startsWith('<!--', at)) at = after(text, '-->', at + 4);
    else if (/^<!doctype\b/i.test(text.slice(at, at + 10))) at = skipDoctype(text, at);
    else {
      const root = /^<(?:[\w-]{1,40}:)?svg(?=[\s/>])/.exec(text.slice(at, at + 60));
      return root ? at + root[0].length : undefined;
    }
  }
  return undefined;
}

/** A DOCTYPE may hold declarations of its own in square brackets. */
function skipDoctype(text: string, at: number): number {
  const close = after(text, '>', at);
  const bracket = text.slice(at, close).indexOf('[');
  if (close < 0 || bracket < 0) return close;
  const inner = after(text, ']', at + bracket);
  return inner < 0 ? inner : after(text, '>', inner);
}

function after(text: string, expected: string, from: number): number {
  const found = text.indexOf(expected, from);
  return found < 0 ? found : found + expected.length;
}

function skipBlanks(text: string, at: number): number {
  const blanks = /\s*/y;
  blanks.lastIndex = at;
  blanks.exec(text);
  return blanks.lastIndex;
}

/** The attributes of a tag, with or without quotes, and where reading them ended. */
function readTag(text: string, start: number): { attributes: Map<string, string>; end: number } {
  const attribute = /\s*([^\s=<>/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?/y;
  const attributes = new Map<string, string>();
  let end = start;
  for (let count = 0; count < maxAttributes; count += 1) {
    attribute.lastIndex = end;
    const match = attribute.exec(text);
    if (!match) break;
    end = attribute.lastIndex;
    attributes.set((match[1] as string).toLowerCase(), match[2] ?? match[3] ?? match[4] ?? '');
  }
  return { attributes, end: skipBlanks(text, end) };
}

function toSize(attributes: Map<string, string>): { width: number; height: number } {
  const [width, height] = [toPixels(attributes.get('width')), toPixels(attributes.get('height'))];
  const box = toBox(attributes.get('viewbox'));
  const ratio = box && box.width / box.height;
  const size = {
    width: width ?? (height !== undefined && ratio ? height * ratio : (box?.width ?? fallback.width)),
    height: height ?? (width !== undefined && ratio ? width / ratio : (box?.height ?? fallback.height)),
  };
  return { width: Math.max(1, Math.round(size.width)), height: Math.max(1, Math.round(size.height)) };
}

/** A length in pixels; undefined for a percentage. */
function toPixels(length = ''): number | undefined {
  const match = /^\s*\+?(\d*\.?\d+(?:e[+-]?\d+)?)\s*([a-z]*)\s*$/i.exec(length.slice(0, 40));
  const unit = units[match?.[2]?.toLowerCase() ?? 'none'];
  const pixels = match && unit !== undefined ? Number(match[1]) * unit : 0;
  return pixels > 0 && Number.isFinite(pixels) ? pixels : undefined;
}

function toBox(viewBox = ''): { width: number; height: number } | undefined {
  const [, , width = 0, height = 0] = viewBox
    .slice(0, 200)
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  return width > 0 && height > 0 ? { width, height } : undefined;
}

import { imageSize } from 'image-size';

/** What the header bytes of an image say. */
export interface Inspected {
  mime: string;
  extension: string;
  width: number;
  height: number;
  /** EXIF orientation, 1 to 8. */
  orientation?: number;
}

/**
 * The formats that are known, by their first bytes. The size is read by image-size, which is never shown anything else, and only
 * where the bytes reach as far as the size stands: it does not notice the end of a view into larger memory.
 */
const formats: { mime: string; extension: string; least: number; starts: (bytes: Uint8Array) => boolean }[] = [
  { mime: 'image/png', extension: 'png', least: 24, starts: (bytes) => ascii(bytes, 0, '\x89PNG\r\n\x1a\n') },
  { mime: 'image/jpeg', extension: 'jpg', least: 11, starts: (bytes) => ascii(bytes, 0, '\xff\xd8\xff') },
  {
    mime: 'image/webp',
    extension: 'webp',
    least: 30,
    starts: (bytes) => ascii(bytes, 0, 'RIFF') && ascii(bytes, 8, 'WEBP'),
  },
  {
    mime: 'image/gif',
    extension: 'gif',
    least: 10,
    starts: (bytes) => ascii(bytes, 0, 'GIF87a') || ascii(bytes, 0, 'GIF89a'),
  },
  {
    mime: 'image/avif',
    extension: 'avif',
    least: 32,
    starts: (bytes) => isHeif(bytes) && /avi[fs]/.test(brands(bytes)),
  },
  { mime: 'image/heic', extension: 'heic', least: 32, starts: (bytes) => isHeif(bytes) },
  {
    mime: 'image/svg+xml',
    extension: 'svg',
    least: 10,
    starts: (bytes) => /^\s*(<\?xml[^>]{0,200}>\s*)?(<!--[^>]{0,200}-->\s*)?<svg\b/.test(text(bytes, 0, 1000)),
  },
];

/** Type and size of an image from its bytes alone; undefined where they are not an image of a known format. */
export function inspect(bytes: Uint8Array): Inspected | undefined {
  const format = formats.find(({ least, starts }) => bytes.length >= least && starts(bytes));
  if (!format) return undefined;
  try {
    const { width, height, orientation } = imageSize(bytes);
    if (!(width > 0 && height > 0)) return undefined;
    return {
      mime: format.mime,
      extension: format.extension,
      width,
      height,
      ...(isOrientation(orientation) && { orientation }),
    };
  } catch {
    return undefined;
  }
}

/** Cameras that know nothing of it write 0. */
function isOrientation(value: number | undefined): value is number {
  return value !== undefined && value >= 1 && value <= 8;
}

/** The families of the HEIF container: coded as AV1 they are AVIF, as HEVC they are what iPhones store (ISO 23008-12). */
function isHeif(bytes: Uint8Array): boolean {
  return /^ftyp(avi[fs]|mif1|msf1|hei[cx]|hev[cx])/.test(text(bytes, 4, 12));
}

/** The brands that the first box of an ISO media file names (ISO 14496-12, 4.3). */
function brands(bytes: Uint8Array): string {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  return text(bytes, 8, Math.min(length, 200));
}

function ascii(bytes: Uint8Array, start: number, expected: string): boolean {
  return text(bytes, start, start + expected.length) === expected;
}

function text(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}

/** Whether a format keeps every pixel as it was: PNG and GIF do, the others may not. */
export function isLossless(mime: string): boolean {
  return mime === 'image/png' || mime === 'image/gif';
}

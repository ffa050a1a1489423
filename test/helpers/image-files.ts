/** Files put together byte by byte, for what no encoder writes. */

/** Latin-1 text as bytes. */
export function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** A number of four bytes, most significant byte first. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A segment of a JPEG with its marker and length. */
export function segment(marker: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255]), data]);
}

/** A JPEG taken apart: the segments before the image data, and the rest. */
export function dissect(jpeg: Buffer): { segments: Buffer[]; rest: Buffer } {
  const segments: Buffer[] = [];
  let at = 2;
  while (jpeg[at + 1] !== 0xda) {
    const length = 2 + jpeg.readUInt16BE(at + 2);
    segments.push(jpeg.subarray(at, at + length));
    at += length;
  }
  return { segments, rest: jpeg.subarray(at) };
}

/** A JPEG put together from segments and what follows them. */
export function assemble(...parts: Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0xd8]), ...parts]);
}

/** A box of an ISO media file. */
export function box(type: string, ...content: Buffer[]): Buffer {
  const length = content.reduce((sum, { length }) => sum + length, 8);
  return Buffer.concat([uint32(length), latin1(type), ...content]);
}

/** A chunk of a PNG; its checksum is left at 0. */
export function chunk(type: string, data: Buffer): Buffer {
  return Buffer.concat([uint32(data.length), latin1(type), data, uint32(0)]);
}

/** How EXIF data may say an orientation. */
export interface ExifOptions {
  /** Most significant byte first. */
  isBigEndian?: boolean;
  /** Where the directory stands. */
  at?: number;
  /** 3 = SHORT, 4 = LONG. */
  type?: number;
}

/** EXIF data with an orientation and nothing else. */
export function exif(orientation: number, { isBigEndian = false, at = 8, type = 3 }: ExifOptions = {}): Buffer {
  const bytes = Buffer.alloc(at + 18);
  const write = (value: number, start: number, length: number): void => {
    if (isBigEndian) bytes.writeUIntBE(value, start, length);
    else bytes.writeUIntLE(value, start, length);
  };
  bytes.write(isBigEndian ? 'MM' : 'II', 'latin1');
  write(42, 2, 2);
  write(at, 4, 4);
  write(1, at, 2);
  write(274, at + 2, 2);
  write(type, at + 4, 2);
  write(1, at + 6, 4);
  write(orientation, at + 10, type === 3 ? 2 : 4);
  return bytes;
}

/** The segment of a JPEG that holds EXIF data. */
export function exifSegment(orientation: number, options?: ExifOptions): Buffer {
  return segment(0xe1, Buffer.concat([latin1('Exif\0\0'), exif(orientation, options)]));
}

/** What an AVIF says of its image. */
export interface AvifOptions {
  width?: number;
  height?: number;
  /** Boxes beside the size, in the order in which they are applied. */
  properties?: Buffer[];
}

/** An AVIF whose image data are not worth decoding. */
export function avifFile({ width = 60, height = 40, properties = [] }: AvifOptions = {}): Buffer {
  const full = Buffer.alloc(4);
  const size = box('ispe', full, uint32(width), uint32(height));
  // The first property belongs to another item, which is larger.
  const other = box('ispe', full, uint32(9999), uint32(9999));
  const indices = [2, ...properties.map((_, index) => index + 3)];
  const associations = Buffer.from([0, 1, 1, 1, 0, 2, indices.length, ...indices]);
  const described = box('iprp', box('ipco', other, size, ...properties), box('ipma', full, uint32(2), associations));
  return Buffer.concat([
    box('ftyp', latin1('avif'), full, latin1('mif1avif')),
    box('meta', full, box('pitm', full, Buffer.from([0, 2])), described),
    box('mdat', Buffer.alloc(50)),
  ]);
}

import { randomUUID } from 'node:crypto';
import type { Picture } from '../../generation.js';
import { shortPicture, withShortPictures } from '../../image/redact-images.js';

/** The body of a request, readable again from its start for a further try. `length` is in bytes. */
export interface Body {
  type: string;
  length: number;
  chunks(): AsyncIterable<Uint8Array>;
}

/** A body that can say what it is. */
export interface DescribedBody extends Body {
  /** What it holds, for a person, pictures shortened: the object; of a form the list of its parts. */
  describe(): unknown;
}

/** A string is sent as it stands, bytes as they are or as base64. */
type Piece = string | Uint8Array | { base64: Uint8Array };

/** Bytes handed over at a time: a multiple of three, so that no padding falls between two chunks of base64. */
const step = 3 * 16_384;

/**
 * A JSON object as a body. Pictures become data URLs that are encoded while they are sent: never a string of the whole.
 * A list of pictures becomes an array.
 */
export function jsonBody(fields: Record<string, unknown>, pictures: Record<string, Picture | Picture[]> = {}): DescribedBody {
  const pieces: Piece[] = [JSON.stringify(fields).slice(0, -1)];
  let separator = pieces[0] === '{' ? '' : ',';
  for (const [name, value] of Object.entries(pictures)) {
    pieces.push(`${separator}${JSON.stringify(name)}:`, ...(Array.isArray(value) ? list(value) : dataUrl(value)));
    separator = ',';
  }
  pieces.push('}');
  const short = (value: Picture | Picture[]): unknown => (Array.isArray(value) ? value.map(shortPicture) : shortPicture(value));
  const describe = (): unknown => withShortPictures({ ...fields, ...Object.fromEntries(Object.entries(pictures).map(([name, value]) => [name, short(value)])) });
  return toBody('application/json', pieces, describe);
}

/** A file in a form: the name of its field, and the picture. */
export type FormFile = [name: string, picture: Picture];

/** A form as a body (RFC 7578). Pictures are sent from their own memory. Values that are not text become JSON. */
export function multipartBody(fields: Record<string, unknown>, files: FormFile[]): DescribedBody {
  const boundary = `form-${randomUUID()}`;
  const part = (name: string, rest: string): string => `--${boundary}\r\ncontent-disposition: form-data; name="${escapeName(name)}"${rest}\r\n\r\n`;
  const pieces: Piece[] = [];
  for (const [name, value] of Object.entries(fields)) {
    pieces.push(part(name, ''), typeof value === 'string' ? value : JSON.stringify(value), '\r\n');
  }
  for (const [index, [name, picture]] of files.entries()) {
    pieces.push(part(name, `; filename="${fileNameOf(picture, index)}"\r\ncontent-type: ${picture.mime}`), picture.bytes, '\r\n');
  }
  pieces.push(`--${boundary}--\r\n`);
  const describe = (): unknown => withShortPictures([
    ...Object.entries(fields).map(([name, value]) => ({ name, value })),
    ...files.map(([name, picture], index) => ({ name, fileName: fileNameOf(picture, index), value: shortPicture(picture) })),
  ]);
  return toBody(`multipart/form-data; boundary=${boundary}`, pieces, describe);
}

function fileNameOf({ mime }: Picture, index: number): string {
  return `picture-${index + 1}.${mime.replace(/^.*\//, '')}`;
}

function toBody(type: string, pieces: Piece[], describe: () => unknown): DescribedBody {
  return { type, length: pieces.reduce((sum, piece) => sum + pieceLength(piece), 0), chunks: () => encode(pieces), describe };
}

async function* encode(pieces: Piece[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (typeof piece === 'string') yield Buffer.from(piece);
    else if (piece instanceof Uint8Array) yield* slices(piece);
    else for (const slice of slices(piece.base64)) yield Buffer.from(slice.toString('base64'), 'latin1');
  }
}

function* slices({ buffer, byteOffset, length }: Uint8Array): Generator<Buffer> {
  for (let start = 0; start < length; start += step) yield Buffer.from(buffer, byteOffset + start, Math.min(step, length - start));
}

function pieceLength(piece: Piece): number {
  if (typeof piece === 'string') return Buffer.byteLength(piece);
  return piece instanceof Uint8Array ? piece.length : Math.ceil(piece.base64.length / 3) * 4;
}

function list(pictures: Picture[]): Piece[] {
  return ['[', ...pictures.flatMap((picture, index) => [...(index > 0 ? [','] : []), ...dataUrl(picture)]), ']'];
}

function dataUrl(picture: Picture): Piece[] {
  return [`"data:${picture.mime};base64,`, { base64: picture.bytes }, '"'];
}

/** As browsers do (WHATWG HTML: multipart form data). */
function escapeName(name: string): string {
  return name.replace(/"/g, '%22').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

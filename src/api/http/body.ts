import { randomUUID } from 'node:crypto';
import type { InputImage } from '../../generation.js';
import { redactImage, redactImages } from '../../image/redact-images.js';

/** The body of a request; a retry reads it again from its start. `length` is in bytes. */
export interface Body {
  type: string;
  length: number;
  chunks(): AsyncIterable<Uint8Array>;
  /** The whole body where it is nothing but text. */
  text?: string;
}

/** A body that can be shown to a person. */
export interface SummarizedBody extends Body {
  /** Its content with images shortened: the JSON object, or the list of a form's parts. */
  summarize(): unknown;
}

/** A string and bytes are sent unchanged, `base64` bytes encoded. */
type Piece = string | Uint8Array | { base64: Uint8Array };

/** Bytes in a chunk: a multiple of three, so that no base64 padding falls between two chunks. */
const step = 3 * 16_384;

/** Images in a JSON body by the names of their fields: data URLs, a list of them, or a list of bare base64. */
export type JsonImages = Record<string, InputImage | InputImage[] | { base64: InputImage[] }>;

/** A JSON object as a body. Its images are encoded while they are sent: the whole body is never one string. */
export function jsonBody(fields: Record<string, unknown>, images: JsonImages = {}): SummarizedBody {
  const pieces: Piece[] = [JSON.stringify(fields).slice(0, -1)];
  let separator = pieces[0] === '{' ? '' : ',';
  for (const [name, value] of Object.entries(images)) {
    pieces.push(`${separator}${JSON.stringify(name)}:`, ...encodeImages(value));
    separator = ',';
  }
  pieces.push('}');
  const short = (value: JsonImages[string]): unknown => {
    if (Array.isArray(value)) return value.map(redactImage);
    return 'base64' in value ? value.base64.map(redactImage) : redactImage(value);
  };
  const summarize = (): unknown =>
    redactImages({
      ...fields,
      ...Object.fromEntries(Object.entries(images).map(([name, value]) => [name, short(value)])),
    });
  return toBody('application/json', pieces, summarize);
}

/** A file in a form: the name of its field, and the image. */
export type FormFile = [name: string, image: InputImage];

/** A form as a body (RFC 7578). Images are sent from their own memory. Values that are not text become JSON. */
export function multipartBody(fields: Record<string, unknown>, files: FormFile[]): SummarizedBody {
  const boundary = `form-${randomUUID()}`;
  const part = (name: string, rest: string): string =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${escapeName(name)}"${rest}\r\n\r\n`;
  const pieces: Piece[] = [];
  for (const [name, value] of Object.entries(fields)) {
    pieces.push(part(name, ''), typeof value === 'string' ? value : JSON.stringify(value), '\r\n');
  }
  for (const [index, [name, image]] of files.entries()) {
    pieces.push(
      part(name, `; filename="${buildFileName(image, index)}"\r\ncontent-type: ${image.mime}`),
      image.bytes,
      '\r\n',
    );
  }
  pieces.push(`--${boundary}--\r\n`);
  const summarize = (): unknown =>
    redactImages([
      ...Object.entries(fields).map(([name, value]) => ({ name, value })),
      ...files.map(([name, image], index) => ({
        name,
        fileName: buildFileName(image, index),
        value: redactImage(image),
      })),
    ]);
  return toBody(`multipart/form-data; boundary=${boundary}`, pieces, summarize);
}

function buildFileName({ mime }: InputImage, index: number): string {
  return `image-${index + 1}.${mime.replace(/^.*\//, '')}`;
}

function toBody(type: string, pieces: Piece[], summarize: () => unknown): SummarizedBody {
  const texts = pieces.filter((piece) => typeof piece === 'string');
  return {
    type,
    ...(texts.length === pieces.length && { text: texts.join('') }),
    length: pieces.reduce((sum, piece) => sum + pieceLength(piece), 0),
    chunks: () => encode(pieces),
    summarize,
  };
}

async function* encode(pieces: Piece[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (typeof piece === 'string') yield Buffer.from(piece);
    else if (piece instanceof Uint8Array) yield* slices(piece);
    else for (const slice of slices(piece.base64)) yield Buffer.from(slice.toString('base64'), 'latin1');
  }
}

function* slices({ buffer, byteOffset, length }: Uint8Array): Generator<Buffer> {
  for (let start = 0; start < length; start += step)
    yield Buffer.from(buffer, byteOffset + start, Math.min(step, length - start));
}

function pieceLength(piece: Piece): number {
  if (typeof piece === 'string') return Buffer.byteLength(piece);
  return piece instanceof Uint8Array ? piece.length : Math.ceil(piece.base64.length / 3) * 4;
}

function encodeImages(value: JsonImages[string]): Piece[] {
  if (Array.isArray(value)) return list(value.map(dataUrl));
  if ('base64' in value) return list(value.base64.map(({ bytes }) => ['"', { base64: bytes }, '"']));
  return dataUrl(value);
}

function list(items: Piece[][]): Piece[] {
  return ['[', ...items.flatMap((item, index) => [...(index > 0 ? [','] : []), ...item]), ']'];
}

function dataUrl(image: InputImage): Piece[] {
  return [`"data:${image.mime};base64,`, { base64: image.bytes }, '"'];
}

/** As browsers do (WHATWG HTML: multipart form data). */
function escapeName(name: string): string {
  return name.replace(/"/g, '%22').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

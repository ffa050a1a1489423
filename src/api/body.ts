import type { Picture } from '../generation.js';

/** The body of a request, readable again from its start for a further try. `length` is in bytes. */
export interface Body {
  type: string;
  length: number;
  chunks(): AsyncIterable<Uint8Array>;
}

/** A string is sent as it stands, the bytes of a picture as base64. */
type Piece = string | { base64: Uint8Array };

/** Bytes turned into base64 at a time: a multiple of three, so that no padding falls between two chunks. */
const step = 3 * 16_384;

/**
 * A JSON object as a body. Pictures become data URLs that are encoded while they are sent: never a string of the whole.
 * A list of pictures becomes an array.
 */
export function jsonBody(fields: Record<string, unknown>, pictures: Record<string, Picture | Picture[]> = {}): Body {
  const pieces: Piece[] = [JSON.stringify(fields).slice(0, -1)];
  let separator = pieces[0] === '{' ? '' : ',';
  for (const [name, value] of Object.entries(pictures)) {
    pieces.push(`${separator}${JSON.stringify(name)}:`, ...(Array.isArray(value) ? list(value) : dataUrl(value)));
    separator = ',';
  }
  pieces.push('}');
  return { type: 'application/json', length: pieces.reduce((sum, piece) => sum + pieceLength(piece), 0), chunks: () => encode(pieces) };
}

async function* encode(pieces: Piece[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      yield Buffer.from(piece);
      continue;
    }
    const bytes = Buffer.from(piece.base64.buffer, piece.base64.byteOffset, piece.base64.length);
    for (let start = 0; start < bytes.length; start += step) yield Buffer.from(bytes.toString('base64', start, start + step), 'latin1');
  }
}

function pieceLength(piece: Piece): number {
  return typeof piece === 'string' ? Buffer.byteLength(piece) : Math.ceil(piece.base64.length / 3) * 4;
}

function list(pictures: Picture[]): Piece[] {
  return ['[', ...pictures.flatMap((picture, index) => [...(index > 0 ? [','] : []), ...dataUrl(picture)]), ']'];
}

function dataUrl(picture: Picture): Piece[] {
  return [`"data:${picture.mime};base64,`, { base64: picture.bytes }, '"'];
}

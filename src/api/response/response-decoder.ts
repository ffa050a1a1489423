import { parseJson } from '../../json.js';
import { Base64Decoder, SegmentPool } from './base64-decoder.js';
import { GrowingBytes } from '../http/growing-bytes.js';
import { ImageText } from './image-text.js';

/** An answer taken apart: its JSON with a name in the place of each image, and the images by name. */
export interface Decoded {
  /** Undefined where it is not JSON. */
  skeleton: unknown;
  /** The image that a value of the skeleton names; null where that was no base64, undefined where the value names none. */
  image(value: unknown): Buffer | null | undefined;
  /** The images that were there in full, in their order. */
  whole: Buffer[];
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/** Most bytes of JSON around the images: parsing it holds the thread, and takes many times its length. */
const mostRest = 16_000_000;

/** A key with every character escaped is still shorter. */
const longestKey = 64;

/**
 * Takes a JSON document apart while it arrives, in chunks of any length: the strings under the key `b64_json`, wherever they
 * stand, are decoded into Buffers of their own, everything else is kept and parsed at the end. Nobody ever holds the text of
 * an image.
 */
export class ResponseDecoder {
  readonly #pool = new SegmentPool();
  readonly #cap: number;
  readonly #mark = `image-${Math.random().toString(36).slice(2)}-`;
  readonly #rest = new GrowingBytes(mostRest);
  readonly #images: (Buffer | null)[] = [];
  #state: 'between' | 'string' | 'image' = 'between';
  /** The string that ended last, while only white space followed: a key, should a colon come. */
  #last: string | undefined;
  /** The text of the string under way, as far as it may be a key. */
  #string = '';
  /** The key of the value that comes next. */
  #key: string | undefined;
  /** The last byte was a backslash that the next byte belongs to. */
  #escaping = false;
  #image: ImageText | undefined;

  /** `cap` is the most bytes of one image. */
  constructor(cap: number) {
    this.#cap = cap;
  }

  write(chunk: Buffer): void {
    const escapes = new Finder(chunk, backslash);
    const quotes = new Finder(chunk, quote);
    for (let position = 0; position < chunk.length;) {
      if (this.#state === 'between') position = this.#between(chunk, position);
      else {
        const escape = escapes.from(position);
        const end = this.#endOfString(chunk, position, quotes, escapes);
        position = this.#inString(chunk, position, { end, isPlain: escape >= end });
      }
    }
  }

  end(): Decoded {
    return {
      skeleton: parseJson(this.#rest.toString()),
      image: (value) =>
        typeof value === 'string' && value.startsWith(this.#mark)
          ? this.#images[Number(value.slice(this.#mark.length))]
          : undefined,
      whole: this.#images.filter((image) => image !== null),
    };
  }

  /** Structure and white space, up to and with the quote that opens the next string. */
  #between(chunk: Buffer, start: number): number {
    for (let position = start; position < chunk.length; position++) {
      const byte = chunk[position]!;
      if (byte <= 0x20) continue;
      if (byte !== quote) {
        this.#key = byte === colon ? this.#last : undefined;
        this.#last = undefined;
        continue;
      }
      this.#keep(chunk, start, position + 1);
      this.#open();
      return position + 1;
    }
    this.#keep(chunk, start, chunk.length);
    return chunk.length;
  }

  #open(): void {
    this.#state = this.#key === 'b64_json' ? 'image' : 'string';
    this.#key = undefined;
    this.#string = '';
    if (this.#state === 'image') this.#image = new ImageText(new Base64Decoder(this.#pool, this.#cap));
  }

  /** Where the string under way ends, or the chunk. */
  #endOfString(chunk: Buffer, start: number, quotes: Finder, escapes: Finder): number {
    let position = this.#escaping ? start + 1 : start;
    this.#escaping = false;
    for (;;) {
      const end = quotes.from(position);
      const escape = escapes.from(position);
      if (escape >= end) return end;
      if (escape + 1 >= chunk.length) {
        this.#escaping = true;
        return chunk.length;
      }
      position = escape + 2;
    }
  }

  /** The string under way, up to its `end` or that of the chunk; `isPlain` = without a backslash. */
  #inString(chunk: Buffer, start: number, { end, isPlain }: { end: number; isPlain: boolean }): number {
    if (this.#image) this.#image.write(chunk.subarray(start, end), isPlain);
    else {
      this.#keep(chunk, start, end);
      if (this.#string.length <= longestKey)
        this.#string += chunk.toString('latin1', start, Math.min(end, start + longestKey + 1));
    }
    if (end === chunk.length) return end;
    this.#close(chunk, end);
    return end + 1;
  }

  #close(chunk: Buffer, end: number): void {
    if (this.#image) {
      this.#rest.append(Buffer.from(this.#mark + this.#images.length));
      this.#images.push(this.#image.end() ?? null);
      this.#image = undefined;
    } else {
      this.#last = this.#string;
      if (this.#string.includes('\\')) this.#last = parseJson(`"${this.#string}"`) as string | undefined;
    }
    this.#keep(chunk, end, end + 1);
    this.#state = 'between';
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    this.#rest.append(chunk.subarray(start, end));
  }
}

/** Finds a byte in a chunk, from positions that only grow, without searching any stretch twice. */
class Finder {
  readonly #chunk: Buffer;
  readonly #byte: number;
  #next = -1;

  constructor(chunk: Buffer, byte: number) {
    this.#chunk = chunk;
    this.#byte = byte;
  }

  /** Where the byte stands at or behind a position; the chunk's length where it does not. */
  from(position: number): number {
    if (this.#next < position) {
      const found = this.#chunk.indexOf(this.#byte, position);
      this.#next = found === -1 ? this.#chunk.length : found;
    }
    return this.#next;
  }
}

import { parseJson } from '../../json.js';
import { Base64Decoder } from './base64-decoder.js';
import { GrowingBytes } from '../http/growing-bytes.js';
import { Finder } from './finder.js';
import { isBase64Key, sniffLength, startsImage } from './image-start.js';
import { ImageText } from './image-text.js';

/** A decoded response: its text with a name in place of each image, and the images by name. */
export interface Decoded {
  /** The text around the images, where there was too much of it only its beginning. */
  text: string;
  /** The image that a value in the text names; null where that was not base64, undefined where the value names none. */
  image(value: unknown): Buffer | null | undefined;
  /** The images that arrived whole, in order. */
  whole: Buffer[];
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

const nothing = Buffer.alloc(0);

/**
 * Objects and lists that are nested deeper are left out: nothing useful
 * is there, and copying them would overflow the stack.
 */
const maxDepth = 32;

/**
 * The most values around the images; what follows is not read, since
 * parsing millions of small values blocks the event loop.
 */
const maxValues = 6000;

/** The most images: no service makes as many at once. */
const maxImages = 256;

const openers = new Set(Buffer.from('{['));
const closers = new Set(Buffer.from('}]'));
const comma = 0x2c;

/** A key with every character escaped is still shorter. */
const longestKey = 64;

/**
 * Decodes a text that holds JSON while it arrives, in chunks of any length: strings under `b64_json` or another key
 * that speaks of base64, and strings that begin like an image, are decoded into Buffers; everything else is kept as
 * text. The text of an image is never held whole.
 */
export class ResponseDecoder {
  readonly #cap: number;
  readonly #mark = `image-${Math.random().toString(36).slice(2)}-`;
  readonly #rest: GrowingBytes;
  readonly #images: (Buffer | null)[] = [];
  #state: 'between' | 'string' | 'sniffing' | 'image' | 'deep' = 'between';
  /** The last string, while only white space follows: a key if a colon comes next. */
  #last: string | undefined;
  /** The current string, as long as it may be a key. */
  #string = '';
  /** The key of the value that comes next. */
  #key: string | undefined;
  /** The key of the current string speaks of base64. */
  #hasBase64Key = false;
  /** The last byte was a backslash that escapes the next one. */
  #escaping = false;
  /** In a string that lies too deep. */
  #inDeepString = false;
  #image: ImageText | undefined;
  #depth = 0;
  #values = 0;
  /** The beginning of a string whose key does not say what it is. */
  #start: Buffer = nothing;

  /**
   * `cap` is the most bytes of one image, `textCap` of the text around the images: parsing that blocks the event loop.
   */
  constructor(cap: number, textCap: number) {
    this.#cap = cap;
    this.#rest = new GrowingBytes(textCap);
  }

  write(chunk: Buffer): void {
    if (this.#values > maxValues) return;
    const escapes = new Finder(chunk, backslash);
    const quotes = new Finder(chunk, quote);
    for (let position = 0; position < chunk.length;) {
      if (this.#state === 'between') position = this.#between(chunk, position);
      else if (this.#state === 'deep') position = this.#skip(chunk, position);
      else {
        const escape = escapes.from(position);
        const end = this.#endOfString(chunk, position, quotes, escapes);
        position = this.#inString(chunk, position, { end, isPlain: escape >= end });
      }
    }
  }

  /** What has come so far. */
  end(): Decoded {
    return {
      text: this.#rest.toString(),
      image: (value) =>
        typeof value === 'string' && value.startsWith(this.#mark)
          ? this.#images[Number(value.slice(this.#mark.length))]
          : undefined,
      whole: this.#images.filter((image) => image !== null),
    };
  }

  /** Structure and white space, up to and including the quote that opens the next string. */
  #between(chunk: Buffer, from: number): number {
    for (let position = from; position < chunk.length; position++) {
      const byte = chunk[position]!;
      if (byte <= 0x20) continue;
      if (byte !== quote) {
        this.#key = byte === colon ? this.#last : undefined;
        this.#last = undefined;
        this.#nest(byte);
        if (this.#depth <= maxDepth) continue;
        this.#keep(chunk, from, position);
        this.#append(Buffer.from('null'));
        return this.#skip(chunk, position + 1);
      }
      this.#keep(chunk, from, position + 1);
      this.#open();
      return position + 1;
    }
    this.#keep(chunk, from, chunk.length);
    return chunk.length;
  }

  /** Counts values and depth. */
  #nest(byte: number): void {
    if (byte === comma || openers.has(byte)) this.#values += 1;
    if (openers.has(byte)) this.#depth += 1;
    else if (closers.has(byte) && this.#depth > 0) this.#depth -= 1;
  }

  /** Passes over what lies too deep, where `null` stands now; gives where that ends. */
  #skip(chunk: Buffer, from: number): number {
    this.#state = 'deep';
    for (let position = from; position < chunk.length; position++) {
      const byte = chunk[position]!;
      if (this.#escaping) this.#escaping = false;
      else if (this.#inDeepString) {
        if (byte === backslash) this.#escaping = true;
        else if (byte === quote) this.#inDeepString = false;
      } else if (byte === quote) this.#inDeepString = true;
      else if (openers.has(byte)) this.#depth += 1;
      else if (closers.has(byte) && --this.#depth === maxDepth) {
        this.#state = 'between';
        return position + 1;
      }
    }
    return chunk.length;
  }

  #open(): void {
    if (this.#key === 'b64_json' && this.#images.length < maxImages) this.#openImage();
    else this.#state = 'sniffing';
    this.#hasBase64Key = isBase64Key(this.#key);
    this.#key = undefined;
    this.#string = '';
  }

  #openImage(): void {
    this.#state = 'image';
    this.#image = new ImageText(new Base64Decoder(this.#cap));
  }

  /** Decides by its beginning whether a string is an image. */
  #decide(start: Buffer): void {
    if (this.#images.length < maxImages && startsImage(start, this.#hasBase64Key)) {
      this.#openImage();
      this.#image!.write(start, !start.includes(backslash));
    } else {
      this.#state = 'string';
      this.#keepString(start);
    }
  }

  /** Collects the beginning of a string until it shows what it is; returns the position after it. */
  #sniff(chunk: Buffer, start: number, end: number): number {
    const held = this.#start;
    const from = Math.min(end, start + sniffLength - held.length);
    const beginning =
      held.length === 0 ? chunk.subarray(start, from) : Buffer.concat([held, chunk.subarray(start, from)]);
    if (beginning.length < sniffLength && end === chunk.length) {
      // Must outlive the chunk, whose memory is reused.
      this.#start = Buffer.from(beginning);
      return from;
    }
    if (held.length > 0) this.#start = nothing;
    if (beginning.length < sniffLength) {
      this.#state = 'string';
      this.#keepString(beginning);
    } else this.#decide(beginning);
    return from;
  }

  #keepString(bytes: Buffer): void {
    this.#append(bytes);
    if (this.#string.length <= longestKey) this.#string += bytes.toString('latin1', 0, longestKey + 1);
  }

  /** The end of the current string, or of the chunk. */
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

  /** The current string, up to its `end` or the end of the chunk; `isPlain` = without a backslash. */
  #inString(chunk: Buffer, start: number, { end, isPlain }: { end: number; isPlain: boolean }): number {
    const from = this.#state === 'sniffing' ? this.#sniff(chunk, start, end) : start;
    if (from === end && end === chunk.length) return end;
    if (this.#image) this.#image.write(chunk.subarray(from, end), isPlain);
    else if (this.#state === 'string') this.#keepString(chunk.subarray(from, end));
    if (end === chunk.length) return end;
    this.#close(chunk, end);
    return end + 1;
  }

  #close(chunk: Buffer, end: number): void {
    if (this.#image) {
      this.#closeImage(this.#image.end() ?? null);
    } else {
      this.#last = this.#string;
      if (this.#string.includes('\\')) this.#last = parseJson(`"${this.#string}"`) as string | undefined;
    }
    this.#keep(chunk, end, end + 1);
    this.#state = 'between';
  }

  /** Puts a name in the place of an image; a URL stays where it is. */
  #closeImage(image: Buffer | string | null): void {
    this.#image = undefined;
    if (typeof image === 'string') return this.#append(Buffer.from(JSON.stringify(image).slice(1, -1)));
    this.#append(Buffer.from(this.#mark + this.#images.length));
    this.#images.push(image);
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    this.#append(chunk.subarray(start, end));
  }

  #append(bytes: Buffer): void {
    if (this.#values <= maxValues) this.#rest.append(bytes);
  }
}

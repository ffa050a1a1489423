import { parseJson } from '../../json.js';
import type { Base64Decoder } from './base64-decoder.js';

/** How much of the beginning is looked at in one go; most have no prefix. */
const headLength = 64;

/** Decodes one image from a JSON string that arrives in pieces: undoes escapes and removes a `data:` prefix. */
export class ImageText {
  readonly #decoder: Base64Decoder;
  /** An escape that was cut in two. */
  #cut = '';
  /** The beginning, until it is known whether it is a `data:` prefix; undefined afterwards. */
  #head: string | undefined = '';

  constructor(decoder: Base64Decoder) {
    this.#decoder = decoder;
  }

  /** `isPlain` = it holds no backslash. */
  write(piece: Buffer, isPlain: boolean): void {
    if (isPlain && this.#cut === '') return this.#writePlain(piece);
    const text = this.#cut + piece.toString('latin1');
    this.#cut = '';
    if (!text.includes('\\')) return this.#take(text);
    this.#cut = /(?<!\\)(?:\\\\)*(\\(?:u[\da-f]{0,3})?)$/i.exec(text)?.[1] ?? '';
    // An invalid escape becomes a character that is not base64.
    const plain = parseJson(`"${text.slice(0, text.length - this.#cut.length)}"`);
    this.#take(typeof plain === 'string' ? plain : '!');
  }

  end(): Buffer | undefined {
    if (this.#head !== undefined) this.#decode(this.#head);
    if (this.#cut !== '') this.#decode('!');
    return this.#decoder.end();
  }

  /** Only the beginning is made a string: that costs more than decoding it. */
  #writePlain(piece: Buffer): void {
    let from = 0;
    while (this.#head !== undefined && from < piece.length)
      this.#take(piece.toString('latin1', from, (from += headLength)));
    if (from < piece.length) this.#decoder.write(piece.subarray(from));
  }

  #take(text: string): void {
    if (this.#head === undefined) return this.#decode(text);
    this.#head += text;
    const isPrefix = /^\s*data:/i.test(this.#head);
    if (this.#head.length < 'data:'.length || (isPrefix && !this.#head.includes(',') && this.#head.length < 1000))
      return;
    const rest = isPrefix ? this.#head.slice(this.#head.indexOf(',') + 1) : this.#head;
    this.#head = undefined;
    this.#decode(rest);
  }

  /** A character that is not base64 stays that in UTF-8. */
  #decode(text: string): void {
    this.#decoder.write(Buffer.from(text));
  }
}

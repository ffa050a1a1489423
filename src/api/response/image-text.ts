import { parseJson } from '../../json.js';
import type { Base64Decoder } from './base64-decoder.js';

/** The text of one image as it stands in JSON, in pieces: undoes escapes, takes off a `data:` prefix, decodes. */
export class ImageText {
  readonly #decoder: Base64Decoder;
  /** An escape that was cut in two. */
  #cut = '';
  /** The beginning, until it shows whether it is a `data:` prefix; undefined behind that. */
  #head: string | undefined = '';

  constructor(decoder: Base64Decoder) {
    this.#decoder = decoder;
  }

  /** `isPlain` = there is no backslash in it. */
  write(piece: Buffer, isPlain: boolean): void {
    if (isPlain && this.#cut === '' && this.#head === undefined) return this.#decoder.write(piece);
    const text = this.#cut + piece.toString('latin1');
    this.#cut = '';
    if (!text.includes('\\')) return this.#take(text);
    this.#cut = /(?<!\\)(?:\\\\)*(\\(?:u[\da-f]{0,3})?)$/i.exec(text)?.[1] ?? '';
    // What cannot be unescaped becomes a character that is in no alphabet.
    const plain = parseJson(`"${text.slice(0, text.length - this.#cut.length)}"`);
    this.#take(typeof plain === 'string' ? plain : '!');
  }

  end(): Buffer | undefined {
    if (this.#head !== undefined) this.#decode(this.#head);
    if (this.#cut !== '') this.#decode('!');
    return this.#decoder.end();
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

  /** What is in no alphabet stays so in UTF-8. */
  #decode(text: string): void {
    this.#decoder.write(Buffer.from(text));
  }
}

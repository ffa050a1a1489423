import { readHeader } from '../../image/data-url.js';
import { parseJson } from '../../json.js';
import type { Base64Decoder } from './base64-decoder.js';

/** How much of the beginning is looked at in one go; most have no prefix. */
const headLength = 64;

/**
 * What may stand before base64: a quote, as Python writes bytes, and a
 * data URL, with or without its name, in Markdown or not.
 */
const openQuote = /^\s*b?["'](?=[\w+/]{12}|data:)/;
const mayBePrefix = /^\s*(data:|image\/|base64,|!\[)/i;
const longestPrefix = 1000;

/** Characters that show whether there is one. */
const prefixLength = 24;

/** What is not base64 although it stands where an image should: a URL, a drawing as text, a data URL without base64. */
const isPlainText = /^\s*(https?:\/\/|<svg[\s>]|data:(?![^,]*base64\s*,)[^,]*,)/i;

/**
 * Decodes one image from a JSON string that arrives in pieces: undoes escapes, removes what stands before the base64,
 * and reads drawings that come as text.
 */
export class ImageText {
  readonly #decoder: Base64Decoder;
  /** An escape that was cut in two. */
  #cut = '';
  /** The beginning, until it is known whether it is a prefix; undefined afterwards. */
  #head: string | undefined = '';
  /** Something opens before the base64, and closes behind it. */
  #isWrapped = false;
  /** The whole text where it is not base64, each octet as a character. */
  #plain: string[] | undefined;

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

  /** The image; the text itself where it is a URL; undefined where it is neither. */
  end(): Buffer | string | undefined {
    if (this.#head !== undefined) this.#decide(this.#head, true);
    if (this.#plain) return readPlain(this.#plain.join(''));
    if (this.#cut !== '') this.#decode('!');
    return this.#decoder.end();
  }

  /** Only the beginning is made a string: that costs more than decoding it. */
  #writePlain(piece: Buffer): void {
    let from = 0;
    while ((this.#head !== undefined || this.#plain || this.#isWrapped) && from < piece.length)
      this.#take(piece.toString('latin1', from, (from += headLength)));
    if (from < piece.length) this.#decoder.write(piece.subarray(from));
  }

  #take(text: string): void {
    if (this.#head === undefined) return this.#decode(text);
    this.#head += text;
    this.#decide(this.#head, false);
  }

  /** Decides from the beginning what it is, unless it may still become a prefix. */
  #decide(head: string, isAll: boolean): void {
    if (isPlainText.test(head)) {
      this.#plain = [];
      this.#head = undefined;
      return this.#decode(head);
    }
    const text = head.replace(openQuote, '');
    const isOpen = mayBePrefix.test(text) && !text.includes(',') && text.length < longestPrefix;
    if (!isAll && (head.length < prefixLength || isOpen)) return;
    this.#head = undefined;
    this.#isWrapped = text !== head || text.trimStart().startsWith('!');
    this.#decode(mayBePrefix.test(text) ? text.slice(text.indexOf(',') + 1) : text);
  }

  /** A character that is not base64 stays that in UTF-8. */
  #decode(text: string): void {
    if (this.#plain) this.#plain.push(text);
    else this.#decoder.write(Buffer.from(this.#isWrapped ? text.replace(/["')\s]+/g, '') : text));
  }
}

/** A URL as it is, the octets of a drawing as an image. */
function readPlain(text: string): Buffer | string | undefined {
  if (/^\s*http/i.test(text)) return text.trim();
  const header = readHeader(text);
  const octets = header
    ? text
        .slice(header.start)
        .replace(/%([\da-f]{2})/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)))
    : text;
  return Buffer.from(octets, 'latin1');
}

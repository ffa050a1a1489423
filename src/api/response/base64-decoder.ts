import { loadBlocks } from './base64-blocks.js';

/** Memory to decode into while the length is not known; lies ready for the next image. */
const freeSegments: Buffer[] = [];

/** As much as an image of common size needs. */
const mostFreeSegments = 8;

function takeSegment(): Buffer {
  return freeSegments.pop() ?? Buffer.allocUnsafeSlow(segmentLength);
}

function giveSegment(segment: Buffer): void {
  if (freeSegments.length < mostFreeSegments) freeSegments.push(segment);
}

/** Holds several chunks of a socket, so that few segments end half full. */
const segmentLength = 512 * 1024;

/**
 * Characters of a stride, which is what is decoded at a time without
 * blocks: it fills at most one segment; a multiple of four.
 */
const strideLength = 256 * 1024;

/** Base64 encodes three bytes as four characters. */
const quantum = 4;

/** A block, which is what the fast decoder takes at a time. */
const block = { characters: 16, bytes: 12 };

interface Segment {
  bytes: Buffer;
  used: number;
}

/**
 * Decodes base64 text that arrives in pieces of any length (RFC 4648 4 and 5: both alphabets, with or without padding;
 * white space is ignored). The bytes are copied once, into a Buffer that owns its memory.
 */
export class Base64Decoder {
  readonly #cap: number;
  #segments: Segment[] = [];
  #length = 0;
  /** The start of an incomplete block, and its length. */
  readonly #cut = Buffer.allocUnsafe(block.characters);
  #cutLength = 0;
  /** Up to three characters that wait for their fourth. */
  #rest = '';
  #ended = false;
  #broken = false;

  /** `cap` is the most bytes that are taken. */
  constructor(cap: number) {
    this.#cap = cap;
  }

  write(text: Buffer): void {
    if (this.#broken) return;
    const aligned = (quantum - this.#rest.length) % quantum;
    if (aligned > 0) this.#strides(text, 0, aligned);
    const position = this.#blocks(text, aligned);
    if (position < text.length) this.#strides(text, position, text.length);
  }

  /** The bytes; undefined where the text was not base64 or too long. */
  end(): Buffer | undefined {
    this.#releaseCut();
    const rest = this.#rest.replace(/\s+/g, '');
    if (rest.length === 1 || /[^\w+/-]/.test(rest)) this.#broken = true;
    if (!this.#broken) this.#decode(rest, Math.floor((rest.length * 3) / 4));
    const bytes = this.#broken ? undefined : this.#join();
    for (const { bytes: segment } of this.#segments) giveSegment(segment);
    this.#segments = [];
    return bytes;
  }

  /** The fast path for plain base64; returns where the slow path has to continue. */
  #blocks(text: Buffer, start: number): number {
    const blocks = this.#rest === '' && !this.#ended ? loadBlocks() : null;
    if (!blocks) return start;
    for (let position = start; position < text.length;) {
      const cut = this.#cutLength;
      this.#cut.copy(blocks.text, 0, 0, cut);
      const length = cut + text.copy(blocks.text, cut, position);
      const decoded = blocks.decode(length);
      if (!this.#take(blocks.bytes, (decoded / block.characters) * block.bytes)) return text.length;
      const left = length - decoded;
      if (left >= block.characters) return this.#stop(text, position, decoded - cut);
      blocks.text.copy(this.#cut, 0, decoded, length);
      this.#cutLength = left;
      position += length - cut;
    }
    return text.length;
  }

  /** The block at `offset` is not plain base64; the offset is negative where the block began in the previous piece. */
  #stop(text: Buffer, position: number, offset: number): number {
    if (offset < 0) this.#releaseCut();
    this.#cutLength = 0;
    return position + Math.max(0, offset);
  }

  /** Decodes the incomplete block on the slow path. */
  #releaseCut(): void {
    const length = this.#cutLength;
    this.#cutLength = 0;
    if (length > 0) this.#strides(this.#cut, 0, length);
  }

  /** False where the image is too large. */
  #take(bytes: Buffer, length: number): boolean {
    if (length === 0) return true;
    if (!this.#fits(length)) return false;
    const segment = this.#room(length);
    bytes.copy(segment.bytes, segment.used, 0, length);
    this.#count(segment, length);
    return true;
  }

  #strides(text: Buffer, start: number, end: number): void {
    for (let from = start; from < end; from += strideLength)
      this.#stride(text.toString('latin1', from, Math.min(end, from + strideLength)));
  }

  #stride(piece: string): void {
    if (this.#ended) {
      this.#broken ||= /[^=\s]/.test(piece);
      return;
    }
    const text = this.#rest + piece;
    const whole = text.length - (text.length % 4);
    if (text.includes('=') || !this.#decode(text.slice(0, whole), (whole / 4) * 3)) this.#careful(text);
    else this.#rest = text.slice(whole);
  }

  /** Decodes text with white space or padding, or finds that it is not base64. */
  #careful(text: string): void {
    const [, data = '', padding = '', strange = ''] = /^([^=]*)(=*)(.*)$/.exec(text.replace(/\s+/g, '')) ?? [];
    this.#broken ||= strange !== '' || /[^\w+/-]/.test(data);
    if (this.#broken) return;
    this.#ended = padding !== '';
    const whole = data.length - (data.length % 4);
    this.#decode(data.slice(0, whole), (whole / 4) * 3);
    this.#rest = data.slice(whole);
  }

  /** False where the text does not give the expected number of bytes: Node skips invalid characters. */
  #decode(text: string, expected: number): boolean {
    if (!this.#fits(expected)) return false;
    const segment = this.#room(expected);
    if (segment.bytes.write(text, segment.used, 'base64') !== expected) return false;
    this.#count(segment, expected);
    return true;
  }

  #fits(length: number): boolean {
    this.#broken ||= this.#length + length > this.#cap;
    return !this.#broken;
  }

  #count(segment: Segment, length: number): void {
    segment.used += length;
    this.#length += length;
  }

  #room(length: number): Segment {
    const last = this.#segments.at(-1);
    if (last && last.bytes.length - last.used >= length) return last;
    const next = { bytes: takeSegment(), used: 0 };
    this.#segments.push(next);
    return next;
  }

  #join(): Buffer {
    const bytes = Buffer.allocUnsafeSlow(this.#length);
    let position = 0;
    for (const segment of this.#segments) position += segment.bytes.copy(bytes, position, 0, segment.used);
    return bytes;
  }
}

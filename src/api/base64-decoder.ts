/** Memory to decode into while the length is not known; one pool serves all pictures of an answer, one after the other. */
export class SegmentPool {
  readonly #free: Buffer[] = [];

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(segmentLength);
  }

  give(segments: Buffer[]): void {
    this.#free.push(...segments);
  }
}

/** Holds several chunks of a socket, so that few segments end half full. */
const segmentLength = 512 * 1024;

/** Text is decoded in strides that fill at most one segment; a multiple of four. */
const strideLength = 256 * 1024;

interface Segment {
  bytes: Buffer;
  used: number;
}

/**
 * Decodes base64 text that comes in pieces of any length (RFC 4648 4 and 5: both alphabets, padding or none; white space is
 * passed over). The bytes are copied once, into a Buffer that owns its memory.
 */
export class Base64Decoder {
  readonly #pool: SegmentPool;
  readonly #cap: number;
  #segments: Segment[] = [];
  #length = 0;
  /** Up to three characters that wait for their fourth. */
  #rest = '';
  #ended = false;
  #broken = false;

  /** `cap` is the most bytes that are taken. */
  constructor(pool: SegmentPool, cap: number) {
    this.#pool = pool;
    this.#cap = cap;
  }

  write(text: string): void {
    if (this.#broken) return;
    for (let start = 0; start < text.length; start += strideLength) this.#stride(text.slice(start, start + strideLength));
  }

  /** The bytes; undefined where the text was no base64 or too long. */
  end(): Buffer | undefined {
    const rest = this.#rest.replace(/\s+/g, '');
    if (rest.length === 1 || /[^\w+/-]/.test(rest)) this.#broken = true;
    if (!this.#broken) this.#decode(rest, Math.floor((rest.length * 3) / 4));
    const bytes = this.#broken ? undefined : this.#join();
    this.#pool.give(this.#segments.map((segment) => segment.bytes));
    this.#segments = [];
    return bytes;
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

  /** What is not plain base64 throughout: white space, padding, or something that makes it no base64 at all. */
  #careful(text: string): void {
    const [, data = '', padding = '', strange = ''] = /^([^=]*)(=*)(.*)$/.exec(text.replace(/\s+/g, '')) ?? [];
    this.#broken ||= strange !== '' || /[^\w+/-]/.test(data);
    if (this.#broken) return;
    this.#ended = padding !== '';
    const whole = data.length - (data.length % 4);
    this.#decode(data.slice(0, whole), (whole / 4) * 3);
    this.#rest = data.slice(whole);
  }

  /** False where the text does not give the expected number of bytes: Node passes over what is no base64. */
  #decode(text: string, expected: number): boolean {
    if (this.#length + expected > this.#cap) {
      this.#broken = true;
      return false;
    }
    const segment = this.#room(expected);
    if (segment.bytes.write(text, segment.used, 'base64') !== expected) return false;
    segment.used += expected;
    this.#length += expected;
    return true;
  }

  #room(length: number): Segment {
    const last = this.#segments.at(-1);
    if (last && last.bytes.length - last.used >= length) return last;
    const next = { bytes: this.#pool.take(), used: 0 };
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

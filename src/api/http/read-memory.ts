import type { OnReadOpts, Socket } from 'node:net';

/** What a socket reads at a time at most, in bytes: as much as libuv offers by itself. */
const length = 65_536;

/** What may wait to be taken from a socket before it stops reading; stopping and starting costs two calls into the system. */
const mostWaiting = 4 * length;

/** Most pieces of memory that lie ready. */
const mostFree = 16;

const free: Buffer[] = [];
const own = new WeakSet<ArrayBufferLike>();

/**
 * Lets a socket read into memory that is used again once somebody gives it back. By itself Node allocates memory for every
 * read; with large answers the garbage collector then works as hard as the decoder, and holds the event loop meanwhile.
 *
 * Call `attach` before anything is read.
 */
export function readMemory(): { onread: OnReadOpts; attach(socket: Socket): void } {
  let reader: Socket | undefined;
  const callback: OnReadOpts['callback'] = (bytesRead, bytes) =>
    !reader || reader.push(bytes.subarray(0, bytesRead)) || reader.readableLength < mostWaiting;
  return { onread: { buffer: take, callback }, attach: (socket) => (reader = socket) };
}

/**
 * Follows the body of one answer and gives the memory of its reads back: each when a chunk from a later one arrives, since
 * then nobody has anything of it any more. The first stays out, which may hold the header, and the last, which may hold what
 * follows the body. Whoever is handed the chunks may not keep them.
 */
export class BodyMemory {
  #last: ArrayBufferLike | undefined;
  #isBodyOnly = false;

  next({ buffer }: Uint8Array): void {
    if (buffer === this.#last) return;
    if (this.#last && this.#isBodyOnly) giveBack(this.#last);
    this.#isBodyOnly = this.#last !== undefined;
    this.#last = buffer;
  }
}

function take(): Buffer {
  const ready = free.pop();
  if (ready) return ready;
  const fresh = Buffer.allocUnsafeSlow(length);
  own.add(fresh.buffer);
  return fresh;
}

/** Memory that came from elsewhere, such as a proxy's tunnel, is left to the garbage collector. */
function giveBack(memory: ArrayBufferLike): void {
  if (own.has(memory) && free.length < mostFree) free.push(Buffer.from(memory));
}

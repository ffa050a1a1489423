import type { OnReadOpts, Socket } from 'node:net';

/** The most that a socket reads at a time, in bytes: libuv's own default. */
const length = 65_536;

/** The most that may be buffered before a socket stops reading; stopping and starting costs two system calls. */
const mostWaiting = 4 * length;

/** The most free buffers that are kept. */
const mostFree = 16;

const free: Buffer[] = [];
const own = new WeakSet<ArrayBufferLike>();

/** A rest of memory that is too small to be worth a read, in bytes. */
const leastRoom = 1024;

/**
 * Lets a socket read into memory that is used again once it is given back, and hands on what came in one turn of the
 * event loop in one piece. By itself Node allocates memory for every read, and hands on each TLS record, of 16 KB at
 * most, on its own: with large answers the garbage collector and the streams then work as hard as the decoder.
 */
export class SocketReader {
  readonly onread: OnReadOpts = {
    buffer: () => this.#memory.subarray(this.#filled),
    callback: (bytesRead) => this.#take(bytesRead),
  };
  #memory = take();
  #filled = 0;
  #sent = 0;
  #socket: Socket | undefined;
  #push: (chunk: Buffer) => void = () => undefined;
  #waiting: NodeJS.Immediate | undefined;

  /** Must be called before anything is read. Through a tunnel Node ignores `onread`, so what it has read is copied. */
  attach(socket: Socket, { isTunneled }: { isTunneled: boolean }): void {
    const push = socket.push.bind(socket);
    this.#socket = socket;
    this.#push = push;
    // What was read before the connection ended comes before its end.
    socket.push = (chunk: unknown) => {
      if (isTunneled && Buffer.isBuffer(chunk)) return this.#copy(chunk);
      this.#handOn();
      return push(chunk);
    };
    // Node keeps a connection whose TLS has broken, and undici waits for
    // its end: the request would go on until its deadline.
    socket.once('error', () => {
      this.#handOn();
      process.nextTick(() => socket.destroy());
    });
  }

  /** False stops the socket until somebody has taken what waits. */
  #take(bytesRead: number): boolean {
    if (!this.#socket) return true;
    this.#filled += bytesRead;
    if (this.#memory.length - this.#filled < leastRoom) {
      this.#handOn();
      this.#memory = take();
      this.#filled = this.#sent = 0;
    } else this.#waiting ??= setImmediate(() => this.#handOn());
    return this.#socket.readableLength + this.#filled - this.#sent < mostWaiting;
  }

  #copy(bytes: Buffer): boolean {
    let mayGoOn = true;
    for (let from = 0; from < bytes.length;) {
      const copied = bytes.copy(this.#memory, this.#filled, from);
      mayGoOn = this.#take(copied);
      from += copied;
    }
    return mayGoOn;
  }

  #handOn(): void {
    clearImmediate(this.#waiting);
    this.#waiting = undefined;
    const chunk = this.#memory.subarray(this.#sent, this.#filled);
    this.#sent = this.#filled;
    if (chunk.length > 0) this.#push(chunk);
  }
}

/**
 * Releases the read buffers of one answer's body: each when a chunk of a later one arrives, since it is no longer in
 * use then, nor is a header before the chunk, which undici has made strings of. The last is not released: the next
 * answer begins in it. Sinks may not keep the chunks, nor anybody undici's raw headers.
 */
export class BodyMemory {
  #last: ArrayBufferLike | undefined;

  next({ buffer }: Uint8Array): void {
    if (buffer === this.#last) return;
    if (this.#last) giveBack(this.#last);
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

/** Buffers of other origin, such as those of plain http through a SOCKS proxy, are left to the garbage collector. */
function giveBack(memory: ArrayBufferLike): void {
  if (own.has(memory) && free.length < mostFree) free.push(Buffer.from(memory));
}

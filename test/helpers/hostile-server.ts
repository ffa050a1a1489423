import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { type SecureContextOptions, TLSSocket, createSecureContext } from 'node:tls';

/** What a server does with one request, or with a fresh connection: any sequence of steps of the peer. */
export type ServerBehavior = (peer: Peer) => void | Promise<void>;

/** A raw server on a port of 127.0.0.1 that does whatever its behaviors say, and counts what it saw. */
export interface HostileServer {
  port: number;
  /** With a request whose first letter is P (POST), G (GET) or C (CONNECT). */
  behaviors: Record<Kind, ServerBehavior>;
  /** With a whole connection instead, before TLS; what comes over it does not count as seen. */
  connection: ServerBehavior | undefined;
  /** Speaks TLS with this certificate. */
  secure: SecureContextOptions | undefined;
  /** Requests of which at least one byte came. */
  seen: Record<Kind, number>;
  /** Headers of the requests whose header came whole. */
  heads: string[];
  /** Bodies of the POST requests that came whole. */
  bodies: Buffer[];
  /** Bytes handed to sockets. */
  written: number;
  /** Called when a peer does nothing more, so that only time can end the exchange. */
  onStall: () => void;
  /** Connections that are open now. */
  open(): number;
  /** Resolves when no connection is open. */
  idle(): Promise<void>;
  /** Listens on the same port as ever; does nothing where it does so already. */
  listen(): Promise<void>;
  /** Cuts all connections and listens no longer. */
  close(): Promise<void>;
}

export type Kind = 'POST' | 'GET' | 'CONNECT';

const kinds: Record<string, Kind> = { P: 'POST', G: 'GET', C: 'CONNECT' };

/** Starts a server whose behaviors are still to be set; by themselves they stall. */
export async function startHostileServer(): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  let server: Server | undefined;

  const hostile: HostileServer = {
    port: 0,
    behaviors: { POST: (peer) => peer.stall(), GET: (peer) => peer.stall(), CONNECT: (peer) => peer.stall() },
    connection: undefined,
    secure: undefined,
    seen: { POST: 0, GET: 0, CONNECT: 0 },
    heads: [],
    bodies: [],
    written: 0,
    onStall: () => undefined,
    open: () => sockets.size,
    async idle() {
      if (sockets.size > 0) await new Promise<void>((resolve) => waiting.add(resolve));
    },
    async listen() {
      if (server) return;
      server = createServer(accept);
      await new Promise<void>((resolve, reject) =>
        server!.once('error', reject).listen(hostile.port, '127.0.0.1', resolve),
      );
      hostile.port = (server.address() as AddressInfo).port;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      const listening = server;
      server = undefined;
      if (listening) await new Promise((resolve) => listening.close(resolve));
    },
  };

  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      if (sockets.size > 0) return;
      for (const resolve of waiting) resolve();
      waiting.clear();
    });
    void serve(hostile, socket).finally(() => socket.end());
  };

  await hostile.listen();
  return hostile;
}

async function serve(hostile: HostileServer, plain: Socket): Promise<void> {
  if (hostile.connection) return hostile.connection(new Peer(hostile, plain));
  const socket = hostile.secure
    ? new TLSSocket(plain, { isServer: true, secureContext: createSecureContext(hostile.secure) })
    : plain;
  socket.on('error', () => undefined);
  for (let peer = new Peer(hostile, socket); await peer.arrives(1); peer = peer.next()) {
    const kind = kinds[peer.firstLetter];
    // TLS where none is spoken, for example.
    if (!kind) return;
    hostile.seen[kind] += 1;
    await hostile.behaviors[kind](peer);
    // What the behavior left unread is not another request.
    if (!peer.isWhole || socket.destroyed) return;
  }
}

/** The server's end of one request. Reads only what it is told to, so that a slow reader can be played. */
export class Peer {
  readonly #hostile: HostileServer;
  readonly socket: Socket;
  #bytes: Buffer;
  #chunks: Buffer[] = [];
  #length: number;
  #isNoted = false;
  #body: Buffer | undefined;

  constructor(hostile: HostileServer, socket: Socket, bytes = Buffer.alloc(0)) {
    this.#hostile = hostile;
    this.socket = socket;
    this.#bytes = bytes;
    this.#length = bytes.length;
  }

  get firstLetter(): string {
    return this.#bytes.toString('latin1', 0, 1);
  }

  /** The header, '' as long as it is not whole. */
  get head(): string {
    const end = this.#bytes.indexOf('\r\n\r\n');
    return end < 0 ? '' : this.#bytes.toString('latin1', 0, end);
  }

  /** `GET /path`: the path. */
  get path(): string {
    return this.head.split(' ')[1] ?? '';
  }

  get isWhole(): boolean {
    return this.head !== '' && this.#length >= this.#whole;
  }

  /** Resolves with true when so many bytes of the request are there, with false when no more will come. */
  async arrives(bytes: number): Promise<boolean> {
    while (this.#length < bytes) if (!(await this.#read())) return false;
    return true;
  }

  /** Waits for the header. */
  async header(): Promise<boolean> {
    while (this.head === '') if (!(await this.#read())) return false;
    if (!this.#isNoted) this.#hostile.heads.push(this.head);
    this.#isNoted = true;
    return true;
  }

  /** Waits for the whole request; gives its body. */
  async request(): Promise<Buffer> {
    if (!this.#body) {
      if (!(await this.header()) || !(await this.arrives(this.#whole))) return Buffer.alloc(0);
      this.#body = Buffer.concat([this.#bytes, ...this.#chunks]).subarray(this.head.length + 4, this.#whole);
      if (this.firstLetter === 'P') this.#hostile.bodies.push(this.#body);
    }
    return this.#body;
  }

  /** Resolves when the bytes are on their way; with false where the client has gone. */
  write(bytes: string | Buffer): Promise<boolean> {
    if (this.socket.destroyed) return Promise.resolve(false);
    this.#hostile.written += bytes.length;
    return new Promise((resolve) => this.socket.write(bytes, (error) => resolve(!error)));
  }

  /** One byte at a time. */
  async trickle(text: string): Promise<void> {
    for (const byte of Buffer.from(text)) if (!(await this.write(Buffer.of(byte)))) return;
  }

  /** Cuts as a crash does (RST). */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  /** Cuts as a proper end does (FIN). */
  close(): void {
    this.socket.end();
    this.socket.destroySoon();
  }

  /** Does nothing more until the other side has gone. */
  async stall({ reading = true } = {}): Promise<void> {
    this.outlast();
    await (reading ? this.linger() : this.gone());
  }

  /** Reads and forgets what comes, until the other side has gone. */
  async linger(): Promise<void> {
    this.socket.resume();
    await this.gone();
  }

  /** Says that from here on only time can end the exchange. */
  outlast(): void {
    this.#hostile.onStall();
  }

  /** Resolves when the connection is closed. */
  async gone(): Promise<void> {
    if (!this.socket.destroyed) await new Promise((resolve) => this.socket.once('close', resolve));
  }

  /** As a proxy: connects to a port of this machine, and passes everything on. */
  async tunnel(port: number): Promise<void> {
    await this.header();
    const far = connect(port, '127.0.0.1');
    far.on('error', () => this.socket.destroy());
    await this.write('HTTP/1.1 200 Connection established\r\n\r\n');
    this.socket.pipe(far).pipe(this.socket);
    this.socket.once('close', () => far.destroy());
    await this.gone();
  }

  /** The request behind this one on the same connection. */
  next(): Peer {
    return new Peer(this.#hostile, this.socket, Buffer.concat([this.#bytes, ...this.#chunks]).subarray(this.#whole));
  }

  get #whole(): number {
    const { head } = this;
    return head.length + 4 + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
  }

  async #read(): Promise<boolean> {
    for (;;) {
      const chunk = this.socket.read() as Buffer | null;
      if (chunk) return this.#take(chunk);
      if (this.socket.destroyed || this.socket.readableEnded) return false;
      await changes(this.socket);
    }
  }

  #take(chunk: Buffer): true {
    // The header is looked for in one piece, a long body is only collected.
    if (this.head === '') this.#bytes = Buffer.concat([this.#bytes, chunk]);
    else this.#chunks.push(chunk);
    this.#length += chunk.length;
    return true;
  }
}

const signs = ['readable', 'end', 'close'];

function changes(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const sign of signs) socket.off(sign, done);
      resolve();
    };
    for (const sign of signs) socket.on(sign, done);
  });
}

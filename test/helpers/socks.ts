import type { Peer, ServerBehavior } from './hostile-server.js';

/** What a SOCKS 5 proxy was asked for. */
export interface SocksRequest {
  host: string;
  port: number;
  user?: string;
}

export interface SocksOptions {
  /** Wants this user and password, as `user:password`. */
  user?: string;
  /** The code of its reply; 0 = it connects. */
  status?: number;
  /** Goes on once the connection stands. */
  then?: ServerBehavior;
  onRequest?: (request: SocksRequest) => void;
}

/** A SOCKS 5 proxy (RFC 1928, RFC 1929); by itself it does nothing once it has said that it is connected. */
export function makeSocks({ user, status = 0, then, onRequest }: SocksOptions = {}): ServerBehavior {
  return async (peer: Peer) => {
    const { socket } = peer;
    const take = async (length: number): Promise<Buffer> => {
      for (;;) {
        const bytes = socket.read(length) as Buffer | null;
        if (bytes || socket.destroyed) return bytes ?? Buffer.alloc(length);
        await new Promise((resolve) => socket.once('readable', resolve).once('close', resolve));
      }
    };
    const [, count] = await take(2);
    const methods = await take(count!);
    const wanted = user === undefined ? 0 : 2;
    if (!methods.includes(wanted)) return void (await peer.write(Buffer.from([5, 255])));
    await peer.write(Buffer.from([5, wanted]));
    let given: string | undefined;
    if (wanted === 2) {
      const name = await take((await take(2))[1]!);
      const password = await take((await take(1))[0]!);
      given = `${name.toString()}:${password.toString()}`;
      await peer.write(Buffer.from([1, given === user ? 0 : 1]));
      if (given !== user) return;
    }
    const [, , , , length] = await take(5);
    const host = (await take(length!)).toString();
    const port = (await take(2)).readUInt16BE();
    onRequest?.({ host, port, ...(given !== undefined && { user: given }) });
    await peer.write(Buffer.from([5, status, 0, 1, 127, 0, 0, 1, 0, 0]));
    if (status === 0) await (then ? then(peer) : peer.gone());
  };
}

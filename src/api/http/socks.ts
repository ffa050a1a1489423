import { type Socket, connect } from 'node:net';
import { ProxyError } from './proxy-error.js';
import type { TunnelOptions } from './tunnel.js';

const version = 5;

const methods = { none: 0, password: 2 };

/** Why a SOCKS server does not connect (RFC 1928, section 6). */
const refusals = [
  '',
  'failed',
  'does not allow this connection',
  'finds the network unreachable',
  'finds the host unreachable',
  'was refused by the host',
  'gave up waiting for the host',
  'does not support this command',
  'does not support this kind of address',
];

/**
 * Opens a connection through a SOCKS 5 proxy (RFC 1928; user and password RFC 1929). The proxy resolves the name.
 *
 * @throws ProxyError where the proxy cannot be reached, refuses, hangs up or stays silent.
 */
export async function openSocks(
  proxy: URL,
  { host, port }: { host: string; port: number },
  { timeout, signal }: TunnelOptions,
): Promise<Socket> {
  const socket = connect({
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: Number(proxy.port || 1080),
    autoSelectFamily: true,
  });
  const ended = new Promise<never>((_, reject) => {
    socket.once('error', reject).once('close', () => reject(new Error('it closed the connection')));
  });
  // Nothing awaits it once the connection is made.
  ended.catch(() => undefined);
  const stop = (): void => void socket.destroy(new Error('aborted'));
  const silence = setTimeout(() => socket.destroy(new Error('it stays silent')), timeout).unref();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    if (signal?.aborted) stop();
    await Promise.race([handshake(socket, proxy, { host, port }), ended]);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error instanceof ProxyError
      ? error
      : new ProxyError(proxy.host, `could not be used: ${(error as Error).message}`, error);
  } finally {
    clearTimeout(silence);
    signal?.removeEventListener('abort', stop);
  }
}

async function handshake(socket: Socket, proxy: URL, { host, port }: { host: string; port: number }): Promise<void> {
  const hasUser = proxy.username !== '';
  socket.write(Buffer.from([version, ...(hasUser ? [2, methods.none, methods.password] : [1, methods.none])]));
  const [spoken, method] = await read(socket, 2);
  if (spoken !== version) throw new ProxyError(proxy.host, 'does not speak SOCKS 5');
  if (method === methods.password && hasUser) await signIn(socket, proxy);
  else if (method !== methods.none) throw new ProxyError(proxy.host, 'wants a user and a password');

  const name = Buffer.from(host.replace(/^\[|\]$/g, ''));
  if (name.length > 255) throw new ProxyError(proxy.host, 'takes no name of over 255 bytes');
  socket.write(
    Buffer.concat([Buffer.from([version, 1, 0, 3, name.length]), name, Buffer.from([port >> 8, port & 255])]),
  );
  const [, status = 1, , kind] = await read(socket, 4);
  if (status !== 0) throw new ProxyError(proxy.host, refusals[status] ?? `answered with the code ${status}`);
  const addressLength = kind === 1 ? 4 : kind === 4 ? 16 : (await read(socket, 1))[0]!;
  await read(socket, addressLength + 2);
}

async function signIn(socket: Socket, { host, username, password }: URL): Promise<void> {
  const [user, secret] = [username, password].map((text) => Buffer.from(decodeURIComponent(text)).subarray(0, 255));
  socket.write(Buffer.concat([Buffer.from([1, user!.length]), user!, Buffer.from([secret!.length]), secret!]));
  const [, status] = await read(socket, 2);
  if (status !== 0) throw new ProxyError(host, 'does not accept its user or password');
}

/** Reads exactly so many bytes: what follows belongs to the server's protocol. */
async function read(socket: Socket, length: number): Promise<Buffer> {
  for (;;) {
    const bytes = socket.read(length) as Buffer | null;
    if (bytes) return bytes;
    await new Promise<void>((resolve) => socket.once('readable', resolve));
  }
}

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, type Socket, connect, createServer as createRelay } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import type { Lookup } from '../../../src/api/http/address-guard.js';
import { collectBody } from '../../../src/api/http/collect-body.js';
import type { ConnectOptions } from '../../../src/api/http/connector.js';
import { Transport } from '../../../src/api/http/transport.js';
import { systemClock } from '../../../src/clock.js';
import { trusted } from '../../helpers/certificates.js';

const tls = { ca: trusted.cert };
const { signal } = new AbortController();
const never = (): never => assert.fail('within the cap');
const both: Lookup = (_name, _options, callback) =>
  callback(null, [
    { address: '::1', family: 6 },
    { address: '127.0.0.1', family: 4 },
  ]);

/** A body of its own for every number: a changed byte anywhere shows. */
function makeBody(number: number): Buffer {
  const block = createHash('sha512').update(String(number)).digest();
  return Buffer.alloc(1_500_000 + number * 1013, block);
}

/** How the same bytes can come over a connection. */
const framings: Record<string, (write: (bytes: Buffer) => Promise<void>, body: Buffer) => Promise<void>> = {
  async 'with their length'(write, body) {
    await write(
      Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nx-own: yes\r\ncontent-length: ${body.length}\r\n\r\n`), body]),
    );
  },
  async 'in chunks of their own'(write, body) {
    await write(Buffer.from('HTTP/1.1 200 OK\r\nx-own: yes\r\ntransfer-encoding: chunked\r\n\r\n'));
    for (let start = 0; start < body.length; start += 50_021) {
      const part = body.subarray(start, start + 50_021);
      await write(Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]));
    }
    await write(Buffer.from('0\r\nx-after: all\r\n\r\n'));
  },
  async 'behind a header that comes byte by byte'(write, body) {
    for (const byte of Buffer.from(`HTTP/1.1 200 OK\r\nx-own: yes\r\ncontent-length: ${body.length}\r\n\r\n`)) {
      await write(Buffer.from([byte]));
      await nextTurn();
    }
    await write(body);
  },
  async compressed(write, body) {
    const packed = gzipSync(body, { level: 0 });
    await write(
      Buffer.concat([
        Buffer.from(
          `HTTP/1.1 200 OK\r\nx-own: yes\r\ncontent-encoding: gzip\r\ncontent-length: ${packed.length}\r\n\r\n`,
        ),
        packed,
      ]),
    );
  },
};

describe('memory that is read into again', () => {
  let server: Server;
  let transport: Transport;

  afterEach(async () => {
    transport.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  /** Answers `/<number>` with the body of that number, written to the connection as it stands. */
  async function serve(made: Server, framing: keyof typeof framings): Promise<number> {
    server = made.on('request', ({ socket, url }) => {
      const write = async (bytes: Buffer): Promise<void> => {
        if (!socket.write(bytes)) await once(socket, 'drain');
      };
      void framings[framing]!(write, makeBody(Number(url!.slice(1)))).catch(() => undefined);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  }

  /** Many at once, then again over the connections that are kept. */
  async function compare(origin: string, options: ConnectOptions = {}): Promise<void> {
    transport = new Transport(systemClock, { proxy: 'direct', ...options });
    for (const first of [0, 8, 16]) {
      const numbers = Array.from({ length: 8 }, (_, index) => first + index);
      await Promise.all(
        numbers.map(async (number) => {
          const exchange = {
            url: new URL(`${origin}/${number}`),
            method: 'GET',
            headers: {},
            timeout: 60_000,
          } as const;
          let header: Record<string, string> = {};
          const bytes = await transport.exchange(
            exchange,
            ({ headers }) => ((header = headers), collectBody(9_000_000, never)),
            signal,
          );
          assert.equal(header['x-own'], 'yes');
          assert.ok(bytes.equals(makeBody(number)), `body ${number}`);
        }),
      );
    }
  }

  for (const framing of Object.keys(framings)) {
    it(`keeps the bytes of many answers apart, ${framing}`, async () =>
      compare(`http://127.0.0.1:${await serve(createServer(), framing)}`));

    it(`keeps the bytes of many answers apart over TLS, ${framing}`, async () =>
      compare(`https://127.0.0.1:${await serve(createTlsServer(trusted), framing)}`, { tls }));
  }

  for (const framing of ['with their length', 'in chunks of their own']) {
    it(`keeps the bytes of many answers apart over TLS through a proxy, ${framing}`, async () => {
      const proxy = createServer().on('connect', ({ url }, client: Socket) => {
        const upstream = connect(Number(url!.split(':')[1]), '127.0.0.1', () => {
          client.write('HTTP/1.1 200 OK\r\n\r\n');
          client.pipe(upstream).pipe(client);
        });
        for (const socket of [client, upstream]) socket.on('error', () => undefined);
      });
      await once(proxy.listen(0, '127.0.0.1'), 'listening');
      const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      const origin = `https://127.0.0.1:${await serve(createTlsServer(trusted), framing)}`;
      await compare(origin, { tls, proxy: { url, noProxy: [] } });
      proxy.close();
    });
  }

  it('keeps the bytes of many answers apart in TLS records that fit a packet', async () => {
    const made = createTlsServer(trusted).on('secureConnection', (socket: TLSSocket) =>
      socket.setMaxSendFragment(1400),
    );
    await compare(`https://127.0.0.1:${await serve(made, 'with their length')}`, { tls });
  });

  it('serves a name with several addresses, the first of which does not answer', async () => {
    await compare(`http://service.example:${await serve(createServer(), 'with their length')}`, { lookup: both });
  });

  for (const [end, cut] of Object.entries({
    'a reset': (socket: Socket) => socket.resetAndDestroy(),
    'its end': (socket: Socket) => socket.end(),
  })) {
    it(`hands on what a connection brought before ${end}`, async () => {
      server = createServer(({ socket }) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n${'a'.repeat(3000)}`);
        cut(socket);
      });
      await once(server.listen(0, '127.0.0.1'), 'listening');
      transport = new Transport(systemClock, { proxy: 'direct' });
      const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      let length = 0;
      const sink = { write: (chunk: Buffer) => void (length += chunk.length), end: never, cut: () => length };
      const exchange = { url, method: 'GET', headers: {}, timeout: 60_000 } as const;
      assert.equal(await transport.exchange(exchange, () => sink, signal), 3000);
    });
  }

  it('hands on what came in front of a TLS record that cannot be read', async () => {
    const broken = Buffer.concat([Buffer.from([0x17, 3, 3, 0, 64]), Buffer.alloc(64)]);
    let hasAnswered = false;
    server = createTlsServer(trusted, ({ socket }) => {
      hasAnswered = true;
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n${'a'.repeat(3000)}`);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const relay = createRelay((client) => {
      const upstream = connect((server.address() as AddressInfo).port, '127.0.0.1');
      client.pipe(upstream);
      upstream.on('data', (bytes) => client.write(hasAnswered ? Buffer.concat([bytes, broken]) : bytes));
      client.on('close', () => upstream.destroy()).on('error', () => undefined);
      upstream.on('error', () => client.destroy());
    });
    await once(relay.listen(0, '127.0.0.1'), 'listening');
    transport = new Transport(systemClock, { proxy: 'direct', tls });
    const url = new URL(`https://127.0.0.1:${(relay.address() as AddressInfo).port}/`);
    let length = 0;
    const sink = { write: (chunk: Buffer) => void (length += chunk.length), end: never, cut: () => length };
    const exchange = { url, method: 'GET', headers: {}, timeout: 60_000 } as const;
    assert.equal(await transport.exchange(exchange, () => sink, signal), 3000);
    relay.close();
  });
});

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { gzipSync } from 'node:zlib';
import type { Body } from '../../../src/api/http/body.js';
import type { Sink } from '../../../src/api/http/sink.js';
import { type Exchange, type ResponseHead, Transport } from '../../../src/api/http/transport.js';
import { ImageError } from '../../../src/errors.js';
import { answer, flood, partly, raw, then, wire } from '../../helpers/server-behaviors.js';
import { type HostileServer, startHostileServer } from '../../helpers/hostile-server.js';
import { stranger, trusted } from '../../helpers/certificates.js';
import { makeSocks } from '../../helpers/socks.js';
import { type TestClock, testClock, turn } from '../../helpers/clock.js';

/** What came of an answer. */
interface Got extends ResponseHead {
  text: string;
}

describe('transport', () => {
  let server: HostileServer;
  let clock: TestClock;
  let transport: Transport;
  const { signal } = new AbortController();
  const cancelled = new ImageError('cancelled', 'cancelled');

  beforeEach(async () => {
    server = await startHostileServer();
    clock = testClock();
    transport = new Transport(clock, { proxy: 'direct' });
  });

  afterEach(async () => {
    transport.close();
    await server.close();
  });

  const exchange = (options: Partial<Exchange> = {}): Exchange => ({
    url: new URL(`http://127.0.0.1:${server.port}/path?query`),
    method: 'POST',
    headers: { 'x-own': 'yes' },
    body: makeBody('{"prompt":', '"a fox"}'),
    timeout: 300_000,
    ...options,
  });

  const send = (options: Partial<Exchange> = {}, stop = signal): Promise<Got> =>
    transport.exchange(exchange(options), read, stop);

  it('sends what it is given and reads what comes', async () => {
    server.behaviors.POST = raw('HTTP/1.1 201 Made\r\nX-Some: a\r\nx-some: b\r\ncontent-length: 5\r\n\r\nhello');
    assert.deepEqual(await send(), {
      status: 201,
      headers: { 'x-some': 'a, b', 'content-length': '5' },
      text: 'hello',
    });
    const [head] = server.heads;
    assert.match(head!, /^POST \/path\?query HTTP\/1\.1\r\n/);
    for (const line of [
      'x-own: yes',
      'accept-encoding: identity',
      'content-type: application/json',
      'content-length: 18',
    ])
      assert.ok(head!.includes(line), line);
    assert.equal(server.bodies[0]!.toString(), '{"prompt":"a fox"}');
  });

  for (const [how, pieces] of Object.entries({ 'byte by byte': 1, 'in pieces': 7, 'in larger pieces': 40 })) {
    it(`reads an answer that comes ${how}`, async () => {
      const text = 'hello again, '.repeat(100);
      server.behaviors.POST = then(async (peer) => {
        const bytes = wire(503, text, { 'retry-after': '17', 'x-request-id': 'request-number-123' });
        for (let start = 0; start < bytes.length; start += pieces) {
          await peer.write(bytes.subarray(start, start + pieces));
          await turn();
        }
      });
      const { status, headers, text: got } = await send();
      assert.deepEqual(
        { status, headers, got },
        {
          status: 503,
          headers: { 'content-length': String(text.length), 'retry-after': '17', 'x-request-id': 'request-number-123' },
          got: text,
        },
      );
    });
  }

  it('sends a User-Agent', async () => {
    server.behaviors.POST = answer(200, 'hello');
    await send();
    assert.match(server.heads[0]!, /\r\nuser-agent: node-red-nanogpt\/\d+\.\d+\.\d+/);
  });

  it('reads headers of up to 64 kB, as gateways in a row make them', async () => {
    server.behaviors.POST = answer(200, 'hello', { 'x-fallbacks': 'a'.repeat(60_000) });
    assert.equal((await send()).text, 'hello');
  });

  for (const [what, tls] of Object.entries({
    'a wrong passphrase': { key: trusted.key, cert: trusted.cert, passphrase: 'wrong', pfx: Buffer.from('garbage') },
    'a key of another certificate': { key: stranger.key, cert: trusted.cert },
    garbage: { key: 'garbage', cert: 'garbage' },
  })) {
    for (const way of ['direct', 'http', 'socks5'] as const) {
      it(`calls a service unreachable where its TLS settings hold ${what}, ${way === 'direct' ? 'without a proxy' : `by a ${way} proxy`}`, async () => {
        server.behaviors.CONNECT = async (peer) => {
          await peer.header();
          await peer.write('HTTP/1.1 200 OK\r\n\r\n');
          await peer.gone();
        };
        if (way === 'socks5') server.connection = makeSocks();
        const proxy = way === 'direct' ? way : { url: `${way}://127.0.0.1:${server.port}`, noProxy: [] };
        transport = new Transport(clock, { proxy, tls });
        await assert.rejects(send({ url: new URL(`https://127.0.0.1:${server.port}`) }), {
          code: 'unreachable',
          charged: 'no',
        });
      });
    }
  }

  it('reuses a connection', async () => {
    server.behaviors.POST = answer(200, 'hello');
    for (let count = 0; count < 5; count++) await send();
    // The second may be opened while the first is still being put back.
    assert.ok(server.open() <= 2, `${server.open()} connections`);
  });

  it('opens as many connections as there are requests', async () => {
    let waiting = 0;
    server.behaviors.POST = then(async (peer) => {
      waiting += 1;
      while (waiting < 20) await turn();
      await peer.write(wire(200, 'hello'));
    });
    await Promise.all(Array.from({ length: 20 }, () => send()));
    assert.equal(server.open(), 20);
  });

  it('removes its listener from the signal, and causes no leak warning where many share one', async () => {
    server.behaviors.POST = answer(200, 'hello');
    const { signal: shared } = new AbortController();
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on('warning', note);
    await Promise.all(Array.from({ length: 20 }, () => send({}, shared)));
    process.off('warning', note);
    assert.deepEqual(warnings, []);
    assert.equal(getEventListeners(shared, 'abort').length, 0);
    assert.equal(clock.asleep(), 0);
  });

  describe('has one deadline', () => {
    for (const [what, sent] of Object.entries({
      'the header': '',
      'the rest of the header': 'HTTP/1.1 200 O',
      'the rest of the body': 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhell',
    })) {
      it(`while ${what} does not come`, async () => {
        const stalled = stallBehind(sent);
        const failed = assert.rejects(send(), { code: 'timed_out', charged: 'unknown' });
        await stalled;
        await clock.advance(299_999);
        assert.equal(server.open(), 1);
        await clock.advance(1);
        await failed;
        await server.idle();
      });
    }

    it('which stands while bytes arrive', async () => {
      const stalled = stallBehind('HTTP/1.1 200 OK\r\n\r\nx', async (peer) => {
        for (let count = 0; count < 299; count++) {
          await clock.advance(1000);
          await peer.write('x');
        }
      });
      const failed = assert.rejects(send(), { code: 'timed_out' });
      await stalled;
      await clock.advance(1000);
      await failed;
    });

    it('before which a connection that does not come about is the reason', async () => {
      const stalled = new Promise<void>((resolve) => (server.onStall = resolve));
      server.connection = async (peer) => void ((await peer.arrives(1)) && (await peer.stall()));
      const failed = assert.rejects(send({ url: new URL(`https://127.0.0.1:${server.port}`) }), {
        code: 'unreachable',
        charged: 'no',
      });
      await stalled;
      await clock.advance(300_000);
      await failed;
    });
  });

  describe('stopped', () => {
    it('before it began sends nothing', async () => {
      await assert.rejects(send({}, AbortSignal.abort(cancelled)), (error) => error === cancelled);
      for (let turns = 0; turns < 50; turns++) await turn();
      assert.equal(server.seen.POST, 0);
    });

    it('while it looks up the host ends at once, and does not connect later', async () => {
      let connected = (): void => undefined;
      const late = new Promise<void>((resolve) => (connected = resolve));
      transport = new Transport(clock, {
        proxy: 'direct',
        lookup: (_, __, callback) => void late.then(() => callback(null, [{ address: '127.0.0.1', family: 4 }])),
      });
      const stop = new AbortController();
      const failed = assert.rejects(
        send({ url: new URL(`http://late.example:${server.port}`) }, stop.signal),
        (error) => error === cancelled,
      );
      await turn();
      stop.abort(cancelled);
      await failed;
      connected();
      for (let turns = 0; turns < 50; turns++) await turn();
      assert.deepEqual([server.open(), server.seen.POST], [0, 0]);
    });

    it('while TLS is agreed on closes the connection at once', async () => {
      const stalled = new Promise<void>((resolve) => (server.onStall = resolve));
      server.connection = async (peer) => void ((await peer.arrives(1)) && (await peer.stall()));
      const stop = new AbortController();
      const failed = assert.rejects(
        send({ url: new URL(`https://127.0.0.1:${server.port}`) }, stop.signal),
        (error) => error === cancelled,
      );
      await stalled;
      stop.abort(cancelled);
      await failed;
      await server.idle();
    });

    it('while a proxy is asked for a tunnel closes the connection at once', async () => {
      const stalled = new Promise<void>((resolve) => (server.onStall = resolve));
      server.behaviors.CONNECT = then((peer) => peer.stall());
      transport = new Transport(clock, { proxy: { url: `http://127.0.0.1:${server.port}`, noProxy: [] } });
      const stop = new AbortController();
      const failed = assert.rejects(
        send({ url: new URL('https://service.example') }, stop.signal),
        (error) => error === cancelled,
      );
      await stalled;
      stop.abort(cancelled);
      await failed;
      await server.idle();
    });

    for (const [when, sent] of Object.entries({
      'while the answer is awaited': '',
      'in mid-header': 'HTTP/1.1 200 O',
      'in mid-answer': 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhell',
    })) {
      it(`${when} ends at once, with an unknown outcome, and the connection is gone`, async () => {
        const stalled = stallBehind(sent);
        const stop = new AbortController();
        const failed = assert.rejects(send({}, stop.signal), { code: 'cancelled', charged: 'unknown' });
        await stalled;
        stop.abort(cancelled);
        await failed;
        await server.idle();
      });
    }

    it('gives any other reason as it is', async () => {
      const stalled = stallBehind('');
      const stop = new AbortController();
      const failed = assert.rejects(send({}, stop.signal), /^Error: enough$/);
      await stalled;
      stop.abort(new Error('enough'));
      await failed;
    });
  });

  describe('where the sink throws', () => {
    const enough = new ImageError('bad_response', 'answer_not_json');
    const fail = (): never => {
      throw enough;
    };
    const readers: Record<string, (head: ResponseHead) => Sink<string>> = {
      'at the header': fail,
      'at the body': () => ({ write: fail, end: () => '' }),
    };
    for (const [when, receive] of Object.entries(readers)) {
      it(`${when}, cuts the connection`, async () => {
        server.behaviors.POST = flood('HTTP/1.1 200 OK\r\n', Buffer.alloc(100_000));
        await assert.rejects(transport.exchange(exchange(), receive, signal), (error) => error === enough);
        await server.idle();
      });
    }

    it('at the end, keeps the connection', async () => {
      server.behaviors.POST = answer(200, 'hello');
      await assert.rejects(
        transport.exchange(exchange(), () => ({ write: () => undefined, end: fail }), signal),
        (error) => error === enough,
      );
      assert.equal((await send()).text, 'hello');
    });

    it('at what was compressed, cuts the connection', async () => {
      server.behaviors.POST = flood('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n', gzipSync(Buffer.alloc(100_000)));
      await assert.rejects(
        transport.exchange(exchange(), () => ({ write: fail, end: () => '' }), signal),
        (error) => error === enough,
      );
      await server.idle();
    });
  });

  it('pauses the network while the unpacking of an answer is behind', async () => {
    const chunk = gzipSync(Buffer.alloc(10_000_000));
    server.behaviors.POST = flood('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n', chunk);
    let unpacked = 0;
    const sink = (): Sink<string> => ({
      write(bytes) {
        unpacked += bytes.length;
        if (unpacked > 50_000_000) throw new Error('enough');
      },
      end: () => '',
    });
    await assert.rejects(transport.exchange(exchange(), sink, signal));
    // 1 MB of what was sent is 1 GB unpacked: all of that lay in memory, and much more, when nothing held the network back.
    assert.ok(server.written < 20_000_000, `${server.written} bytes were sent`);
  });

  describe('where the connection breaks', () => {
    it('gives what could be made of the answer so far', async () => {
      server.behaviors.POST = partly('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello', (peer) => peer.reset());
      const receive = (head: ResponseHead): Sink<Got> => ({
        ...read(head),
        cut: () => ({ ...head, text: 'what I have' }),
      });
      assert.equal((await transport.exchange(exchange(), receive, signal)).text, 'what I have');
    });

    it('says that it is free as long as the last byte has not been handed over', async () => {
      const handedOver: Record<string, number> = { no: 0, unknown: 2 };
      for (const [charged, count] of Object.entries(handedOver)) {
        server.behaviors.POST = async (peer) => {
          await peer.header();
          await peer.arrives(peer.head.length + 4 + 5);
          peer.reset();
        };
        const chunks = async function* (): AsyncGenerator<Uint8Array> {
          yield Buffer.from('first');
          if (count < 2) await new Promise(() => undefined);
          yield Buffer.from('last.');
        };
        await assert.rejects(send({ body: { type: 'text/plain', length: 10, chunks } }), {
          code: 'connection_lost',
          charged,
        });
      }
    });
  });

  it('ends what is under way when it is closed, and takes nothing more', async () => {
    const stalled = stallBehind('');
    const failed = assert.rejects(send(), { code: 'connection_lost', charged: 'unknown' });
    await stalled;
    transport.close();
    await failed;
    await assert.rejects(send(), { code: 'unreachable', charged: 'no' });
    await server.idle();
  });

  /** Every request is answered with this beginning and nothing more; resolves when that has been written. */
  function stallBehind(
    sent: string,
    more: (peer: Parameters<typeof server.behaviors.POST>[0]) => Promise<void> = async () => undefined,
  ): Promise<void> {
    server.behaviors.POST = partly(sent, async (peer) => {
      for (let turns = 0; turns < 5; turns++) await turn();
      await more(peer);
      await peer.stall();
    });
    return new Promise((resolve) => (server.onStall = resolve));
  }
});

function read(head: ResponseHead): Sink<Got> {
  const chunks: Buffer[] = [];
  return {
    write: (chunk) => void chunks.push(Buffer.from(chunk)),
    end: () => ({ ...head, text: Buffer.concat(chunks).toString() }),
  };
}

function makeBody(...texts: string[]): Body {
  return {
    type: 'application/json',
    length: Buffer.byteLength(texts.join('')),
    async *chunks() {
      for (const text of texts) yield Buffer.from(text);
    },
  };
}

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { collectBody } from '../../../src/api/http/collect-body.js';
import { Transport } from '../../../src/api/http/transport.js';
import { ImageError } from '../../../src/errors.js';
import { trusted } from '../../helpers/certificates.js';
import { testClock } from '../../helpers/clock.js';
import { type HostileServer, type ServerBehavior, startHostileServer } from '../../helpers/hostile-server.js';
import { answer } from '../../helpers/server-behaviors.js';
import { type SocksOptions, type SocksRequest, makeSocks } from '../../helpers/socks.js';

describe('a SOCKS 5 proxy', () => {
  let server: HostileServer;
  let proxy: HostileServer;
  let requests: SocksRequest[];
  const { signal } = new AbortController();
  const transports: Transport[] = [];

  beforeEach(async () => {
    [server, proxy] = await Promise.all([startHostileServer(), startHostileServer()]);
    server.behaviors.GET = answer(200, 'hello');
    requests = [];
  });

  afterEach(async () => {
    for (const transport of transports.splice(0)) transport.close();
    await Promise.all([server.close(), proxy.close()]);
  });

  const onward: ServerBehavior = async ({ socket }) => {
    const far = connect(server.port, '127.0.0.1').on('error', () => socket.destroy());
    socket.pipe(far).pipe(socket);
    await new Promise((resolve) => socket.once('close', resolve));
    far.destroy();
  };

  async function fetchThrough(
    url: string,
    { user = '', scheme = 'socks5', ...options }: SocksOptions & { scheme?: string } = {},
  ): Promise<string> {
    proxy.connection ??= makeSocks({ then: onward, onRequest: (request) => requests.push(request), ...options });
    const settings = { url: `${scheme}://${user}127.0.0.1:${proxy.port}`, noProxy: [] };
    const transport = new Transport(testClock(), { proxy: settings, tls: { ca: trusted.cert } });
    transports.push(transport);
    const exchange = { url: new URL(url), method: 'GET' as const, headers: {}, timeout: 10_000 };
    const tooLong = (): never => assert.fail();
    return (await transport.exchange(exchange, () => collectBody(100, tooLong), signal)).toString();
  }

  it('connects to plain http, and resolves the name itself', async () => {
    assert.equal(await fetchThrough('http://service.example/x'), 'hello');
    assert.deepEqual(requests, [{ host: 'service.example', port: 80 }]);
    assert.match(server.heads[0]!, /^GET \/x HTTP/);
  });

  it('connects to https', async () => {
    server.secure = trusted;
    assert.equal(await fetchThrough('https://service.example:8443/'), 'hello');
    assert.deepEqual(requests, [{ host: 'service.example', port: 8443 }]);
  });

  it('may be written as socks5h, and want a user and password', async () => {
    proxy.connection = makeSocks({ user: 'me:p@ss', then: onward, onRequest: (request) => requests.push(request) });
    assert.equal(await fetchThrough('http://service.example/', { scheme: 'socks5h', user: 'me:p%40ss@' }), 'hello');
    assert.equal(requests[0]!.user, 'me:p@ss');
  });

  const refusals: [string, SocksOptions & { scheme?: string }, ServerBehavior | undefined, RegExp][] = [
    ['does not allow it', { status: 2 }, undefined, /does not allow this connection/],
    ['does not find the host', { status: 4 }, undefined, /host unreachable/],
    ['wants a password that is missing', {}, makeSocks({ user: 'me:secret' }), /wants a user and a password/],
    ['does not accept the password', { user: 'me:wrong@' }, makeSocks({ user: 'me:secret' }), /does not accept/],
    ['cuts', {}, (peer) => peer.reset(), /could not be used/],
    ['speaks HTTP', {}, async (peer) => void (await peer.write('HTTP/1.1 400 Bad\r\n\r\n')), /does not speak SOCKS 5/],
    ['is of an unsupported kind', { scheme: 'socks4' }, undefined, /speaks socks4/],
  ];
  for (const [what, options, behavior, reason] of refusals) {
    it(`that ${what} is named, and nothing was charged`, async () => {
      proxy.connection = behavior;
      await assert.rejects(fetchThrough('http://service.example/', options), (error) => {
        assert.ok(error instanceof ImageError);
        assert.deepEqual([error.code, error.charged, error.key], ['unreachable', 'no', 'unreachable_by_proxy']);
        assert.match(error.message, reason);
        assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${proxy.port}`));
        return true;
      });
    });
  }
});

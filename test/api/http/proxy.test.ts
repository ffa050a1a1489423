import assert from 'node:assert/strict';
import { Account } from '../../../src/account/account.js';
import { type ProxySettings, proxyFor } from '../../../src/api/http/proxy.js';
import { openTunnel } from '../../../src/api/http/tunnel.js';
import { answer, then } from '../../helpers/server-behaviors.js';
import {
  type AccountFixture,
  foxRequest,
  fixtureSettings,
  startAccountFixture,
} from '../../helpers/account-fixture.js';
import { trusted } from '../../helpers/certificates.js';
import { turn } from '../../helpers/clock.js';

const variables = [
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'npm_config_proxy',
  'npm_config_http_proxy',
  'npm_config_https_proxy',
  'npm_config_no_proxy',
].flatMap((name) => [name, name.toUpperCase()]);

describe('proxy', () => {
  const before = { ...process.env };
  const { signal } = new AbortController();

  beforeEach(() => {
    for (const name of variables) delete process.env[name];
  });

  afterEach(() => {
    for (const name of variables) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  describe('from the environment', () => {
    const table: [Record<string, string>, string, string | undefined][] = [
      [{}, 'https://nano-gpt.com', undefined],
      [{ https_proxy: 'http://proxy:3128' }, 'https://nano-gpt.com', 'http://proxy:3128/'],
      [{ HTTPS_PROXY: 'http://proxy:3128' }, 'https://nano-gpt.com', 'http://proxy:3128/'],
      [{ https_proxy: 'http://proxy:3128' }, 'http://nano-gpt.com', undefined],
      [{ http_proxy: 'proxy:3128' }, 'http://nano-gpt.com', 'http://proxy:3128/'],
      [{ all_proxy: 'http://user:secret@proxy' }, 'https://nano-gpt.com', 'http://user:secret@proxy/'],
      [{ https_proxy: 'http://proxy', no_proxy: 'example.com,nano-gpt.com' }, 'https://nano-gpt.com', undefined],
      [{ https_proxy: 'http://proxy', no_proxy: '.nano-gpt.com' }, 'https://api.nano-gpt.com', undefined],
      [{ https_proxy: 'http://proxy', no_proxy: '*' }, 'https://nano-gpt.com', undefined],
      [{ http_proxy: 'http://proxy', NO_PROXY: '192.168.1.20:8080' }, 'http://192.168.1.20:8080', undefined],
      [{ http_proxy: 'http://proxy', NO_PROXY: '192.168.1.20:8080' }, 'http://192.168.1.20:9090', 'http://proxy/'],
    ];
    for (const [environment, address, expected] of table) {
      it(`${JSON.stringify(environment)} leads ${address} ${expected === undefined ? 'nowhere' : `through ${expected}`}`, () => {
        Object.assign(process.env, environment);
        assert.equal(proxyFor(new URL(address), undefined)?.href, expected);
      });
    }
  });

  describe('that was chosen', () => {
    const chosen: ProxySettings = { url: 'http://proxy:3128', noProxy: ['.lan', '192.168.'] };
    const table: [Partial<ProxySettings>, string, string | undefined][] = [
      [{}, 'http://nano-gpt.com', 'http://proxy:3128/'],
      [{}, 'https://nano-gpt.com', 'http://proxy:3128/'],
      [{}, 'http://gpu.lan:8080', undefined],
      [{}, 'http://192.168.1.20', undefined],
      [{ noProxy: [''] }, 'http://gpu.lan', 'http://proxy:3128/'],
      [{ url: 'proxy:3128' }, 'http://nano-gpt.com', 'http://proxy:3128/'],
      [{ url: 'socks5://proxy' }, 'https://nano-gpt.com', 'socks5://proxy'],
      [{ username: 'us:er', password: 'p@ss' }, 'http://nano-gpt.com', 'http://us%3Aer:p%40ss@proxy:3128/'],
    ];
    for (const [changes, address, expected] of table) {
      it(`${JSON.stringify(changes)} leads ${address} ${expected === undefined ? 'past it' : `through ${expected}`}`, () => {
        assert.equal(proxyFor(new URL(address), { ...chosen, ...changes })?.href, expected);
      });
    }

    it('takes precedence over the environment, also for hosts that bypass it', () => {
      process.env.http_proxy = 'http://other';
      assert.equal(proxyFor(new URL('http://nano-gpt.com'), chosen)?.host, 'proxy:3128');
      assert.equal(proxyFor(new URL('http://gpu.lan'), chosen), undefined);
    });
  });

  describe('between an account and its service', () => {
    let fixture: AccountFixture;

    afterEach(() => fixture.close());

    const make = async (account = fixture.account): Promise<number> =>
      (await account.generate(foxRequest, { signal })).images.length;

    it('is asked for plain http itself, without a tunnel, which many proxies allow for port 443 only', async () => {
      fixture = await startAccountFixture('proxy', { baseUrl: 'http://service.example' });
      assert.equal(await make(), 1);
      assert.match(
        fixture.proxy.heads[0]!,
        /^POST http:\/\/service\.example\/v1\/images\/generations HTTP\/1\.1\r\nhost: service\.example\r\n/i,
      );
      assert.equal(fixture.proxy.seen.CONNECT, 0);
    });

    it('that wants a password for plain http is named, and nothing was charged', async () => {
      fixture = await startAccountFixture('proxy', { baseUrl: 'http://service.example', retries: 0 });
      fixture.proxy.behaviors.POST = answer(407, 'who are you');
      await assert.rejects(make(), {
        code: 'unreachable',
        charged: 'no',
        key: 'unreachable_by_proxy',
        params: {
          host: 'service.example',
          proxy: `127.0.0.1:${fixture.proxy.port}`,
          reason: 'answered HTTP 407',
        },
      });
    });

    it('tunnels https, and the certificate is the service’s', async () => {
      fixture = await startAccountFixture('proxy');
      assert.equal(await make(), 1);
      assert.match(fixture.proxy.heads[0]!, /^CONNECT service\.example:443 /);
    });

    it('cannot replace the certificate of the service', async () => {
      fixture = await startAccountFixture('proxy', { tls: {}, retries: 0 });
      await assert.rejects(make(), { code: 'unreachable', charged: 'no' });
      assert.equal(fixture.server.seen.POST, 0);
    });

    it('gets its user and password, and never the key', async () => {
      fixture = await startAccountFixture('proxy');
      const { port } = fixture.proxy;
      fixture.account.configure({
        ...fixtureSettings,
        baseUrl: 'https://service.example',
        tls: { ca: trusted.cert },
        proxy: { url: `http://127.0.0.1:${port}`, noProxy: [], username: 'us:er', password: 'p@ss' },
      });
      await make();
      assert.match(
        fixture.proxy.heads[0]!,
        new RegExp(`proxy-authorization: Basic ${Buffer.from('us:er:p@ss').toString('base64')}`, 'i'),
      );
      assert.doesNotMatch(fixture.proxy.heads[0]!, /sk-nano|\r\nauthorization/i);
      assert.doesNotMatch(fixture.server.heads[0]!, /proxy-authorization/i);
    });

    it('is the environment’s where none was chosen', async () => {
      fixture = await startAccountFixture('proxy');
      process.env.http_proxy = `http://127.0.0.1:${fixture.proxy.port}`;
      const { proxy: _, ...settings } = fixtureSettings;
      const account = new Account({ ...settings, baseUrl: 'http://service.example' }, { clock: fixture.clock });
      assert.equal(await make(account), 1);
      assert.equal(fixture.proxy.seen.POST, 1);
      account.close();
    });

    it('that the environment names with an invalid URL makes the service unreachable', async () => {
      fixture = await startAccountFixture('proxy');
      process.env.http_proxy = 'http://:::';
      const { proxy: _, ...settings } = fixtureSettings;
      const account = new Account(
        { ...settings, baseUrl: 'http://service.example', retries: 0 },
        { clock: fixture.clock },
      );
      await assert.rejects(make(account), { code: 'unreachable', charged: 'no' });
      account.close();
    });

    it('stands between this machine and the images, too', async () => {
      fixture = await startAccountFixture('proxy');
      await fixture.account.fetchInput('http://images.example:8080/fox.png', 'msg.payload', signal);
      assert.match(fixture.proxy.heads[0]!, /^GET http:\/\/images\.example:8080\/fox\.png /);
    });

    it('is never used for the built-in service', async () => {
      fixture = await startAccountFixture('proxy');
      const url = `http://127.0.0.1:${fixture.proxy.port}`;
      Object.assign(process.env, { http_proxy: url, all_proxy: url });
      const account = new Account({ ...fixtureSettings, service: 'sandbox', proxy: { url, noProxy: [] } });
      assert.ok((await account.models(signal)).length > 0);
      assert.equal(fixture.proxy.seen.CONNECT, 0);
      account.close();
    });
  });

  describe('that does not open its tunnel', () => {
    let fixture: AccountFixture;

    beforeEach(async () => {
      fixture = await startAccountFixture('proxy');
    });

    afterEach(() => fixture.close());

    const open = ({ protocol = 'http', timeout = 10_000 } = {}): ReturnType<typeof openTunnel> =>
      openTunnel(new URL(`${protocol}://127.0.0.1:${fixture.proxy.port}`), 'service.example:443', { timeout });

    it('is given up after a while, and nothing is left of it', async () => {
      fixture.proxy.behaviors.CONNECT = then((peer) => peer.stall());
      await assert.rejects(open({ timeout: 50 }), /could not be used: it stays silent/);
      await fixture.proxy.idle();
    });

    it('is asked once, not again and again, where it cuts', async () => {
      fixture.proxy.behaviors.CONNECT = then((peer) => peer.reset());
      await assert.rejects(open(), /could not be used/);
      for (let turns = 0; turns < 50; turns++) await turn();
      assert.equal(fixture.proxy.seen.CONNECT, 1);
    });

    it('is not trusted where its certificate is of an unknown authority', async () => {
      fixture.proxy.secure = trusted;
      await assert.rejects(open({ protocol: 'https' }), /could not be used/);
      assert.equal(fixture.proxy.seen.CONNECT, 0);
    });
  });
});

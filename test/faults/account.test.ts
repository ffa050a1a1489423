import assert from 'node:assert/strict';
import type { AccountSettings } from '../../src/account/settings.js';
import type { Generation } from '../../src/generation.js';
import { stranger } from '../helpers/certificates.js';
import { turn } from '../helpers/clock.js';
import { addresses, answer, good, goodImage, inTurn, then } from '../helpers/server-behaviors.js';
import { type HostileServer, startHostileServer } from '../helpers/hostile-server.js';
import { type AccountFixture, foxRequest, fixtureSettings, startAccountFixture } from '../helpers/account-fixture.js';

const { signal } = new AbortController();

describe('an account', () => {
  let fixture: AccountFixture;

  afterEach(() => fixture.close());

  const make = (prompt = 'a fox'): Promise<Generation> =>
    fixture.account.generate({ ...foxRequest, prompt }, { signal });

  /** Prompts that the service saw, in their order. */
  const prompts = (): string[] =>
    fixture.server.bodies.map((body) => (JSON.parse(body.toString()) as { prompt: string }).prompt);

  /** Resolves when the service has seen so many requests, and a little later: no further one may come. */
  async function seen(count: number): Promise<number> {
    while (fixture.server.seen.POST < count) await turn();
    for (let turns = 0; turns < 20; turns++) await turn();
    return fixture.server.seen.POST;
  }

  describe('that is told to slow down', () => {
    const busy = answer(429, '', { 'retry-after': '7' });

    it('pauses all requests, and lets the first one go first', async () => {
      fixture = await startAccountFixture('plain', { concurrency: 1 }, { standing: true });
      fixture.server.behaviors.POST = busy;
      const all = ['a', 'b', 'c'].map(make);
      assert.equal(await seen(1), 1);
      fixture.server.behaviors.POST = good;
      await fixture.clock.advance(6999);
      assert.equal(await seen(1), 1);
      await fixture.clock.advance(1);
      await Promise.all(all);
      assert.deepEqual(prompts(), ['a', 'a', 'b', 'c']);
    });

    it('pauses the others too where it does not retry', async () => {
      fixture = await startAccountFixture('plain', { concurrency: 1, retries: 0 }, { standing: true });
      fixture.server.behaviors.POST = busy;
      const first = assert.rejects(make('a'), { code: 'rate_limited' });
      const second = make('b');
      await first;
      fixture.server.behaviors.POST = good;
      assert.equal(await seen(1), 1);
      await fixture.clock.advance(7000);
      await second;
      assert.deepEqual(prompts(), ['a', 'b']);
    });

    it('lets no request through where it chooses the pause itself', async () => {
      fixture = await startAccountFixture('plain', { concurrency: 1 }, { standing: true });
      fixture.server.behaviors.POST = answer(429, '');
      const all = ['a', 'b'].map(make);
      assert.equal(await seen(1), 1);
      fixture.server.behaviors.POST = good;
      await fixture.clock.advance(500);
      await Promise.all(all);
      assert.deepEqual(prompts(), ['a', 'a', 'b']);
    });
  });

  it('gives its slot to others while it waits to try again', async () => {
    fixture = await startAccountFixture('plain', { concurrency: 1, retryUnknown: true }, { standing: true });
    fixture.server.behaviors.POST = inTurn(answer(500, ''), good);
    const [first, second] = [make('a'), make('b')];
    await second;
    assert.deepEqual(prompts(), ['a', 'b']);
    await fixture.clock.advance(500);
    await first;
    assert.deepEqual(prompts(), ['a', 'b', 'a']);
  });

  describe('whose settings change', () => {
    const settings = (changes: Partial<AccountSettings>): AccountSettings => ({
      ...fixtureSettings,
      baseUrl: `http://127.0.0.1:${fixture.server.port}`,
      ...changes,
    });

    it('keeps the old ones for what is under way, and takes the new ones for what waits', async () => {
      fixture = await startAccountFixture('plain', { concurrency: 1 });
      const other = await startHostileServer();
      other.behaviors.POST = good;
      let goOn = (): void => undefined;
      fixture.server.behaviors.POST = then(async (peer) => {
        await new Promise<void>((resolve) => (goOn = resolve));
        await good(peer);
      });
      const [first, second] = [make('a'), make('b')];
      await seen(1);
      fixture.account.configure(settings({ concurrency: 1, baseUrl: `http://127.0.0.1:${other.port}` }));
      goOn();
      await Promise.all([first, second]);
      assert.deepEqual([fixture.server.seen.POST, other.seen.POST], [1, 1]);
      await other.close();
    });

    it('keeps the verdict on a request under way where the new settings cannot work', async () => {
      fixture = await startAccountFixture();
      let goOn = (): void => undefined;
      fixture.server.behaviors.POST = then(async (peer) => {
        await new Promise<void>((resolve) => (goOn = resolve));
        await answer(500, '')(peer);
      });
      const failed = assert.rejects(make(), { code: 'server_failed', charged: 'unknown' });
      await seen(1);
      fixture.account.configure(settings({ baseUrl: 'ftp://nowhere' }));
      goOn();
      await failed;
    });

    it('survives changes after its end', async () => {
      fixture = await startAccountFixture();
      await make();
      fixture.account.close();
      fixture.account.configure(settings({ retries: 1 }));
      fixture.account.configure(settings({ retries: 0 }));
      fixture.account.close();
      fixture.account.close();
      await turn();
      await make();
    });
  });

  it('says that a failed query costs nothing', async () => {
    fixture = await startAccountFixture();
    fixture.server.behaviors.POST = fixture.server.behaviors.GET = then((peer) => peer.reset());
    await assert.rejects(fixture.account.balance(signal), { code: 'connection_lost', charged: 'no' });
    await assert.rejects(fixture.account.models(signal), { code: 'connection_lost', charged: 'no' });
  });

  describe('with TLS settings', () => {
    it('trusts the authority that they name', async () => {
      fixture = await startAccountFixture('tls');
      assert.equal((await make()).images.length, 1);
    });

    it('trusts no other authority', async () => {
      fixture = await startAccountFixture('tls', { tls: {}, retries: 0 });
      await assert.rejects(make(), { code: 'unreachable', charged: 'no' });
    });

    it('trusts any certificate where they say so', async () => {
      fixture = await startAccountFixture('tls', { tls: { rejectUnauthorized: false } });
      fixture.server.secure = stranger;
      assert.equal((await make()).images.length, 1);
    });
  });

  describe('with a key', () => {
    let stranger: HostileServer;

    beforeEach(async () => {
      stranger = await startHostileServer();
      stranger.behaviors.GET = stranger.behaviors.POST = goodImage;
    });

    afterEach(() => stranger.close());

    const keyIn = (head: string): boolean => /authorization|x-api-key|sk-nano/i.test(head);

    it('sends it to the service only, not to the host of the image', async () => {
      fixture = await startAccountFixture();
      fixture.server.behaviors.POST = addresses(`http://127.0.0.1:${stranger.port}/image.png`);
      await make();
      assert.deepEqual([fixture.server.heads.map(keyIn), stranger.heads.map(keyIn)], [[true], [false]]);
    });

    it('sends it neither to the storage of the service, nor to the target of a redirect', async () => {
      fixture = await startAccountFixture();
      fixture.server.behaviors.POST = addresses(`http://127.0.0.1:${fixture.server.port}/image.png`);
      fixture.server.behaviors.GET = answer(302, '', { location: `http://127.0.0.1:${stranger.port}/image.png` });
      await make();
      assert.deepEqual([fixture.server.heads.map(keyIn), stranger.heads.map(keyIn)], [[true, false], [false]]);
    });

    for (const status of [301, 302, 307, 308]) {
      it(`follows no ${status} of the service`, async () => {
        fixture = await startAccountFixture();
        fixture.server.behaviors.POST = answer(status, '', {
          location: `http://127.0.0.1:${stranger.port}/v1/images/generations`,
        });
        await assert.rejects(make(), { code: 'not_configured', charged: 'no' });
        assert.deepEqual([fixture.server.seen.POST, stranger.seen.POST + stranger.seen.GET], [1, 0]);
      });
    }

    const warnings: [string, Partial<AccountSettings>, boolean][] = [
      ['plain http to a host on the internet', { baseUrl: 'http://nano-gpt.com' }, true],
      ['plain http to a public address', { baseUrl: 'http://93.184.216.34/v1' }, true],
      ['https', { baseUrl: 'https://nano-gpt.com' }, false],
      ['plain http in the house', { baseUrl: 'http://192.168.1.20:8080' }, false],
      ['plain http to a name of the house', { baseUrl: 'http://gpu.local:8080' }, false],
      ['plain http without a key', { baseUrl: 'http://images.example.org', service: 'compatible', apiKey: '' }, false],
    ];
    for (const [what, changes, warns] of warnings) {
      it(`${warns ? 'warns of' : 'does not warn of'} ${what}`, async () => {
        fixture = await startAccountFixture('plain', changes);
        assert.deepEqual(
          fixture.account.warnings().map(({ key }) => key),
          warns ? ['plaintext_key'] : [],
        );
      });
    }
  });
});

import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterAccount } from '../../src/cluster/cluster-account.js';
import type { RemoteRequest } from '../../src/cluster/running-requests.js';
import { ImageError } from '../../src/errors.js';
import { type InstanceOptions, newAccountName, startInstance, type TestInstance } from '../helpers/cluster-accounts.js';
import { waitFor } from '../helpers/cluster-fixture.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { type TestRedis, describeWithRedis, startRedis } from '../helpers/redis.js';

describeWithRedis('what instances of one account see of each other', function () {
  this.timeout(20_000);
  let redis: TestRedis;
  let service: CountingService;
  const open: TestInstance[] = [];

  before(async () => (redis = await startRedis()));
  after(() => redis.stop());
  beforeEach(async () => (service = await startCountingService()));
  afterEach(async () => {
    for (const { account } of open.splice(0)) account.close();
    await service.close();
  });

  /** So many instances of one account, each with the options of its place. */
  function start(...each: InstanceOptions[]): TestInstance[] {
    const name = newAccountName();
    const started = each.map((options) => startInstance(redis, service.url, name, options));
    open.push(...started);
    return started;
  }

  /** How a request ends, in one word and its verdict. */
  const endOf = (asked: Promise<unknown>): Promise<string> =>
    asked.then(
      () => 'image',
      (error: unknown) => (error instanceof ImageError ? `${error.code} ${error.charged}` : String(error)),
    );

  async function reach({ account }: TestInstance): Promise<ClusterAccount> {
    for (;;) {
      const cluster = await account.cluster.reach();
      if (cluster) return cluster;
      await sleep(10);
    }
  }

  describe('the running requests', () => {
    /** Resolves once another instance sees so many of them in a phase. */
    async function see(instance: TestInstance, phase: string, count = 1): Promise<RemoteRequest[]> {
      const { requests } = await reach(instance);
      for (;;) {
        const seen = (await requests.list()).filter((request) => request.phase === phase);
        if (seen.length === count) return seen;
        await sleep(10);
      }
    }

    it('are seen with who asked, who sends, prompt and model; one’s own are not', async () => {
      service.delay = 600;
      const settings = { concurrency: 1 };
      const [asker, other] = start({ settings }, { settings, cluster: { role: 'ask' } });
      const asked = Date.now();
      const ends = [asker!.ask('a fox', { nodeId: 'door', n: 2 }), asker!.ask('a wolf')].map(endOf);
      const [running, [waiting]] = [await see(other!, 'running'), await see(other!, 'waiting')];
      const { id, started, ...request } = running[0]!;
      assert.match(id, /^[\w-]{36}$/);
      assert.ok(started >= asked - 100 && started <= Date.now() + 100);
      const host = hostname();
      const shown = { nodeId: 'door', prompt: 'a fox', model: 'counted', count: 2, phase: 'running' };
      assert.deepEqual(request, { ...shown, askedBy: host, sentBy: host });
      assert.deepEqual([waiting!.prompt, waiting!.askedBy, waiting!.sentBy], ['a wolf', host, undefined]);
      assert.deepEqual(await (await reach(asker!)).requests.list(), []);
      assert.deepEqual(await Promise.all(ends), ['image', 'image']);
      assert.deepEqual(await (await reach(other!)).requests.list(), []);
    });

    it('are told of to who shows them', async () => {
      let changes = 0;
      const [asker] = start({}, { options: { onChange: () => (changes += 1) }, cluster: { role: 'ask' } });
      await reach(open[1]!);
      assert.equal(await endOf(asker!.ask('a fox')), 'image');
      await waitFor(() => changes >= 2, 2000);
    });

    for (const [phase, end] of [
      ['waiting', 'cancelled no'],
      ['running', 'cancelled unknown'],
    ] as const) {
      it(`are stopped by another instance while ${phase}: ${end}`, async () => {
        service.delay = 1000;
        const settings = { concurrency: 1 };
        const [asker, other] = start({ settings }, { settings, cluster: { role: 'ask' } });
        const ends = ['first', 'second'].map((prompt) => endOf(asker!.ask(prompt)));
        await see(other!, 'waiting');
        const [found] = await see(other!, phase);
        const { requests } = await reach(other!);
        assert.equal(await requests.stop(found!.id), true);
        const since = Date.now();
        assert.equal(await Promise.race(ends), end);
        assert.ok(Date.now() - since < 500);
        if (phase === 'waiting') assert.equal(await requests.stop(found!.id), false);
        assert.deepEqual((await Promise.all(ends)).sort(), [end, 'image']);
        assert.equal(service.prompts.length, phase === 'waiting' ? 1 : 2);
      });
    }

    it('are not waited for while Redis is away', async () => {
      const [instance] = start({});
      await reach(instance!);
      await redis.kill();
      while (await instance!.account.cluster.reach()) await sleep(10);
      await redis.start();
      await reach(instance!);
    });
  });
});

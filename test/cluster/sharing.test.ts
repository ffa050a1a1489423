import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterAccount } from '../../src/cluster/cluster-account.js';
import type { RemoteRequest } from '../../src/cluster/running-requests.js';
import { StateScript } from '../../src/cluster/state-script.js';
import { ImageError } from '../../src/errors.js';
import { newAccountName, patientTiming, startInstance, type TestInstance } from '../helpers/cluster-accounts.js';
import { waitFor } from '../helpers/cluster-fixture.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { describeWithSharedRedis, itWithOwnRedis, openSharedRedis } from '../helpers/redis.js';
import { useInstances } from '../helpers/use-instances.js';

describeWithSharedRedis('what instances of one account see of each other', function () {
  let redis: Awaited<ReturnType<typeof openSharedRedis>>;
  let service: CountingService;
  const instances = useInstances(() => ({ redis, service }), { timing: patientTiming });
  const { startAll: start } = instances;

  before(async () => (redis = await openSharedRedis()));
  after(() => redis.stop());
  beforeEach(async () => (service = await startCountingService()));
  afterEach(() => service.close());

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
      const release = service.hold();
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
      release();
      assert.deepEqual(await Promise.all(ends), ['image', 'image']);
      assert.deepEqual(await (await reach(other!)).requests.list(), []);
    });

    it('are told of to who shows them', async () => {
      let changes = 0;
      const [asker] = start({}, { options: { onChange: () => (changes += 1) }, cluster: { role: 'ask' } });
      await reach(instances.open[1]!);
      assert.equal(await endOf(asker!.ask('a fox')), 'image');
      await waitFor(() => changes >= 2, 10_000);
    });

    for (const [phase, end] of [
      ['waiting', 'cancelled no'],
      ['running', 'cancelled unknown'],
    ] as const) {
      it(`are stopped by another instance while ${phase}: ${end}`, async () => {
        const release = service.hold();
        const settings = { concurrency: 1 };
        const [asker, other] = start({ settings }, { settings, cluster: { role: 'ask' } });
        const ends = ['first', 'second'].map((prompt) => endOf(asker!.ask(prompt)));
        await see(other!, 'waiting');
        const [found] = await see(other!, phase);
        await waitFor(() => service.prompts.length === 1, 30_000);
        const { requests } = await reach(other!);
        assert.equal(await requests.stop(found!.id), true);
        // Before the service has answered anything.
        assert.equal(await Promise.race(ends), end);
        release();
        if (phase === 'waiting') assert.equal(await requests.stop(found!.id), false);
        assert.deepEqual((await Promise.all(ends)).sort(), [end, 'image']);
        assert.equal(service.prompts.length, phase === 'waiting' ? 1 : 2);
      });
    }

    itWithOwnRedis('are not waited for while Redis is away', async () => {
      const [instance] = start({});
      await reach(instance!);
      await redis.kill();
      while (await instance!.account.cluster.reach()) await sleep(10);
      await redis.start();
      await reach(instance!);
    });
  });

  describe('the history', () => {
    type Shared = ClusterAccount['history'];

    /** What an instance sees of others, once it sees so many. */
    async function seen(instance: TestInstance, count: number): Promise<Awaited<ReturnType<Shared['list']>>> {
      const { history } = await reach(instance);
      for (;;) {
        const items = await history.list({ limit: 100 });
        if (items.length === count) return items;
        await sleep(10);
      }
    }

    it('lists what others have made, with their images; one’s own are in one’s own', async () => {
      const [maker, other] = start({}, {});
      const made = await maker!.ask('a fox', { n: 2, nodeId: 'door' });
      const items = await seen(other!, 2);
      assert.deepEqual(
        items.map(({ prompt, model, cost, currency, host, nodeId, index, count }) => ({
          ...{ prompt, model, cost, currency, host, nodeId, index, count },
        })),
        [1, 0].map((index) => ({
          ...{ prompt: 'a fox', model: 'counted', cost: 1, currency: 'USD' },
          ...{ host: hostname(), nodeId: 'door', index, count: 2 },
        })),
      );
      const { history } = await reach(other!);
      assert.deepEqual(await history.describe(items[0]!.id), items[0]);
      assert.deepEqual((await history.get(items[0]!.id))?.bytes, made.images[1]!.bytes);
      assert.equal(await history.get('shared/of/nothing'), undefined);
      assert.deepEqual(await (await reach(maker!)).history.list({ limit: 100 }), []);
      assert.equal((await maker!.account.history.list({ limit: 100 })).length, 2);
    });

    it('is searched, and read in pages', async () => {
      const [maker, other] = start({}, {});
      for (const prompt of ['a fox', 'a wolf', 'a red fox']) await maker!.ask(prompt);
      await seen(other!, 3);
      const { history } = await reach(other!);
      const list = async (page: object): Promise<string[]> =>
        (await history.list({ limit: 100, ...page })).map(({ prompt }) => prompt);
      assert.deepEqual(await list({ search: 'FOX' }), ['a red fox', 'a fox']);
      const [newest] = await history.list({ limit: 1 });
      assert.deepEqual(await list({ before: newest!.id }), ['a wolf', 'a fox']);
      assert.deepEqual(await list({ before: 'shared/gone/0' }), []);
    });

    it('is sealed, and lists nothing that no instance wrote', async () => {
      const [maker, other] = start({}, {});
      await maker!.ask('a very secret fox');
      await seen(other!, 1);
      const [key = ''] = await redis.client.keys(`{test:${instances.name}}:made:*`);
      assert.doesNotMatch((await redis.client.get(key)) ?? 'secret', /secret/);
      const third = instances.start();
      await redis.client.set(key, 'AAAA');
      assert.deepEqual(await (await reach(third)).history.list({ limit: 100 }), []);
    });

    it('keeps nothing in Redis of an account without one', async () => {
      const settings = { history: 'off' as const };
      const [maker] = start({ settings }, {});
      await maker!.ask('a fox');
      assert.deepEqual(await redis.client.keys(`{test:${instances.name}}:made*`), []);
    });

    it('leaves the room of its images to requests', async () => {
      const [maker, other] = start({}, {});
      await maker!.ask('a fox');
      const [item] = await seen(other!, 1);
      const { history } = await reach(other!);
      assert.ok(await history.get(item!.id));
      const script = new StateScript(redis.client, `{test:${instances.name}}`);
      const image = Buffer.alloc(1000);
      assert.deepEqual(await script.run('put', { name: 'large', most: 1000, use: 'test' }, image), { stored: true });
      assert.deepEqual(await script.run('put', { name: 'another', most: 1000, use: 'test' }, image), { full: true });
      assert.equal(await history.get(item!.id), undefined);
      assert.deepEqual(await history.describe(item!.id), item);
    });

    it('names the host of an image that Redis has no room for', async () => {
      const [asker, worker] = start({ cluster: { role: 'ask' } }, { cluster: { role: 'work' } });
      await Promise.all([reach(asker!), reach(worker!)]);
      await redis.client.set(`{test:${instances.name}}:blobs:total`, String(64_000_000));
      assert.equal(await endOf(asker!.ask('a fox')), 'download_failed yes');
      const [item] = await seen(asker!, 1);
      assert.deepEqual([item!.prompt, item!.host], ['a fox', hostname()]);
      assert.equal(await (await reach(asker!)).history.get(item!.id), undefined);
      const [kept] = await worker!.account.history.list({ limit: 1 });
      assert.ok(await worker!.account.history.get(kept!.id));
    });

    it('is deleted from Redis by any instance, and stays with its maker', async () => {
      const [maker, other] = start({}, {});
      await maker!.ask('a fox');
      const [item] = await seen(other!, 1);
      const { history } = await reach(other!);
      await history.clear();
      assert.deepEqual(await history.list({ limit: 100 }), []);
      assert.equal(await history.get(item!.id), undefined);
      assert.equal((await maker!.account.history.list({ limit: 100 })).length, 1);
    });
  });

  describe('the list of models', () => {
    const list = async ({ account }: TestInstance): Promise<string[]> => {
      const { models } = await account.listModels(new AbortController().signal);
      return models.map(({ id }) => id);
    };

    /** Two instances that reach Redis. */
    async function enter(): Promise<[TestInstance, TestInstance]> {
      const [first, second] = start({}, {});
      await Promise.all([reach(first!), reach(second!)]);
      return [first!, second!];
    }

    it('is asked for by one, and taken by the others from Redis, where it is sealed', async () => {
      const [first, second] = await enter();
      assert.deepEqual(await list(first), ['counted']);
      const asked = service.lists;
      while ((await redis.client.exists(`{test:${instances.name}}:model-list`)) === 0) await sleep(10);
      assert.deepEqual(await list(second), ['counted']);
      assert.equal(service.lists, asked);
      assert.doesNotMatch((await redis.client.get(`{test:${instances.name}}:model-list`)) ?? 'counted', /counted/);
    });

    it('is asked for by one where all want it at once', async () => {
      const alone = startInstance(redis, service.url, newAccountName());
      await list(alone);
      alone.account.close();
      const asked = service.lists;
      service.listDelay = 300;
      assert.deepEqual(await Promise.all((await enter()).map(list)), [['counted'], ['counted']]);
      assert.equal(service.lists, 2 * asked);
    });

    itWithOwnRedis('is asked for by each where what Redis has is of no instance, or Redis is away', async () => {
      const [first, second] = await enter();
      await redis.client.set(`{test:${instances.name}}:model-list`, 'AAAA');
      assert.deepEqual(await list(first), ['counted']);
      await redis.kill();
      const asked = service.lists;
      const since = performance.now();
      assert.deepEqual(await list(second), ['counted']);
      assert.equal(service.lists, 2 * asked);
      assert.ok(performance.now() - since < 5000);
      await redis.start();
    });
  });
});

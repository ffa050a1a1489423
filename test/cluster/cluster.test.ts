import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { serialize } from 'node:v8';
import type { RequestState } from '../../src/account/send-request.js';
import type { Delivery } from '../../src/cluster/delivery.js';
import { ImageError } from '../../src/errors.js';
import type { Generation } from '../../src/generation.js';
import { patientTiming } from '../helpers/cluster-accounts.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { describeWithSharedRedis, itWithOwnRedis, openSharedRedis } from '../helpers/redis.js';
import { useInstances } from '../helpers/use-instances.js';
import { waitUntil } from '../helpers/wait-until.js';

describeWithSharedRedis('a cluster of accounts', function () {
  let redis: Awaited<ReturnType<typeof openSharedRedis>>;
  let service: CountingService;
  const instances = useInstances(() => ({ redis, service }), { timing: patientTiming });
  const { startAll: start } = instances;

  before(async () => (redis = await openSharedRedis()));
  after(() => redis.stop());
  beforeEach(async () => (service = await startCountingService()));
  afterEach(() => service.close());

  const key = (of: string): string => `{test:${instances.name}}:${of}`;

  const failure = (promise: Promise<unknown>): Promise<ImageError> =>
    promise.then(
      () => assert.fail('it did not fail'),
      (error: unknown) => {
        assert.ok(error instanceof ImageError, String(error));
        return error;
      },
    );

  it('generates an image that any worker sends, and gives it to who asked', async () => {
    const asking = { apiKey: '', history: 'off' as const };
    const [asker] = start({ cluster: { role: 'ask' }, settings: asking }, { cluster: { role: 'work' } });
    const states: RequestState['phase'][] = [];
    let confirm: (() => void) | undefined;
    const generation = await asker!.ask('a fox', {
      onState: ({ phase }) => void (states.at(-1) !== phase && states.push(phase)),
      onResult: (delivered) => (confirm = delivered),
    });
    assert.equal(generation.images[0]!.mime, 'image/png');
    assert.equal(generation.images[0]!.bytes.buffer.byteLength, generation.images[0]!.bytes.length);
    assert.equal(generation.cost, 1);
    assert.deepEqual(states, ['waiting', 'running']);
    assert.equal(service.charged, 1);
    assert.ok(confirm);
    confirm();
    // Nothing of it stays in Redis.
    await waitUntil(async () => (await redis.client.keys(key('blob:*'))).length === 0);
  });

  it('sends more at once as soon as the instance with the strictest limit has left', async () => {
    const release = service.hold();
    const [worker, strict] = start({}, { cluster: { role: 'ask' }, settings: { concurrency: 1 } });
    await strict!.account.clusterState();
    const first = worker!.ask('a fox');
    await waitUntil(() => service.prompts.length === 1);
    const second = worker!.ask('a wolf');
    await waitUntil(async () => (await redis.client.zcard(key('waiting'))) === 1);
    await waitUntil(async () => (await worker!.account.clusterState())?.limits?.concurrency === 1);
    strict!.account.close();
    await waitUntil(() => service.prompts.length === 2);
    release();
    await Promise.all([first, second]);
    assert.equal(service.mostAtOnce, 2);
  });

  it('shares concurrency and budget', async () => {
    const settings = { concurrency: 3, budget: 10 };
    const all = start({ settings }, { settings }, { settings });
    const ends = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) => all[index % 3]!.ask(`fox ${index}`)),
    );
    const codes = ends.map((end) => (end.status === 'fulfilled' ? 'image' : (end.reason as ImageError).code));
    assert.equal(codes.filter((code) => code === 'image').length, 10, codes.join());
    assert.equal(codes.filter((code) => code === 'budget_exceeded').length, 20, codes.join());
    assert.equal(service.charged, 10);
    assert.ok(service.mostAtOnce <= 3, String(service.mostAtOnce));
    assert.equal((await all[1]!.account.spending()).day, 10);
  });

  it('tells a failure to who asked, with its verdict on the money', async () => {
    const [asker] = start({ cluster: { role: 'ask' } }, { cluster: { role: 'work' } });
    service.refuse = () => ({ status: 402 });
    const error = await failure(asker!.ask('a fox'));
    assert.deepEqual([error.code, error.charged], ['insufficient_balance', 'no']);
    assert.equal((await asker!.account.spending()).day, 0);
  });

  it('retries what was certainly not charged', async () => {
    const [asker] = start({});
    let count = 0;
    service.refuse = () => ((count += 1) === 1 ? { status: 429, headers: { 'retry-after': '0' } } : undefined);
    const generation = await asker!.ask('a fox');
    assert.equal(generation.attempts, 2);
    assert.equal(service.charged, 1);
    assert.equal((await asker!.account.spending()).day, 1);
  });

  it('cancels what waits for nothing, and of what was sent says that its outcome is unknown', async () => {
    service.hold();
    const settings = { concurrency: 1 };
    const [asker] = start({ settings, cluster: { role: 'ask' } }, { settings, cluster: { role: 'work' } });
    const [sent, waiting] = [new AbortController(), new AbortController()];
    const first = failure(asker!.ask('sent', { signal: sent.signal }));
    await waitUntil(() => service.prompts.length === 1);
    const second = failure(asker!.ask('waits', { signal: waiting.signal }));
    await waitUntil(async () => (await redis.client.zcard(key('waiting'))) === 1);
    waiting.abort(new ImageError('cancelled', 'cancelled'));
    sent.abort(new ImageError('cancelled', 'cancelled'));
    assert.deepEqual([(await second).code, (await second).charged], ['cancelled', 'no']);
    assert.deepEqual([(await first).code, (await first).charged], ['cancelled', 'unknown']);
    assert.deepEqual(service.prompts, ['sent']);
  });

  it('ends waiting requests where no instance takes any', async () => {
    const timing = { ...patientTiming, noWorker: 600 };
    const [asker] = start({ cluster: { role: 'ask' }, options: { timing } });
    const error = await failure(asker!.ask('a fox'));
    assert.deepEqual([error.code, error.key, error.charged], ['cluster_unavailable', 'cluster_no_worker', 'no']);
  });

  it('refuses an instance of another service under the same name', async () => {
    const [first] = start({});
    await first!.ask('a fox');
    const other = instances.start({ settings: { service: 'compatible' } });
    const error = await failure(other.ask('a fox'));
    assert.deepEqual([error.code, error.key], ['not_configured', 'cluster_differs']);
  });

  it('refuses an instance with another secret', async () => {
    const [first] = start({});
    await first!.ask('a fox');
    const other = instances.start({ cluster: { secret: 'another secret, as long' } });
    assert.equal((await failure(other.ask('a fox'))).key, 'cluster_differs');
  });

  it('keeps prompts and images from who reads Redis', async () => {
    const release = service.hold();
    const [asker] = start({});
    const asked = asker!.ask('a very secret fox');
    await waitUntil(() => service.prompts.length === 1);
    const found: string[] = [];
    for (const each of await redis.client.keys(`{test:${instances.name}}*`)) {
      const type = await redis.client.type(each);
      if (type === 'hash') found.push(JSON.stringify(await redis.client.hgetall(each)));
      if (type === 'string') found.push((await redis.client.getBuffer(each))?.toString('latin1') ?? '');
    }
    assert.ok(found.length > 5);
    assert.ok(!found.some((text) => text.includes('secret fox')));
    release();
    await asked;
  });

  describe('where something dies', () => {
    const message = serialize({ payload: 'a fox', topic: 'door' });
    const recovery = { nodeId: 'image', nodeType: 'nanogpt-image', message };

    /** A node that takes what was recovered, as those of Node-RED do. */
    function takeRecovered(): { delivery: Delivery; delivered: Promise<[Record<string, unknown>, Generation]> } {
      let take = (_: [Record<string, unknown>, Generation]): void => undefined;
      const delivered = new Promise<[Record<string, unknown>, Generation]>((resolve) => (take = resolve));
      return {
        delivered,
        delivery: {
          has: (id, type) => id === 'image' && type === 'nanogpt-image',
          deliver: (_, found, recovered) => {
            const instance = instances.open[1]!;
            const { signal } = new AbortController();
            instance.account
              .generate(recovered.request, { signal, recovered })
              .then((generation) => take([found, generation]))
              .catch(() => undefined);
          },
        },
      };
    }

    it('gives the result of a dead asker to the same node of a replica', async () => {
      const release = service.hold();
      const { delivery, delivered } = takeRecovered();
      const [asker] = start(
        { cluster: { role: 'ask', replicas: 'twins' } },
        { cluster: { replicas: 'twins' }, options: { delivery } },
      );
      const asked = failure(asker!.ask('a fox', { recovery }));
      await waitUntil(() => service.prompts.length === 1);
      asker!.account.close();
      await asked;
      release();
      const [found, generation] = await delivered;
      assert.deepEqual(found, { payload: 'a fox', topic: 'door' });
      assert.equal(generation.images.length, 1);
      assert.equal(service.prompts.length, 1);
    });

    it('gives what waited for a dead asker to a replica, which has it sent once', async () => {
      const { delivery, delivered } = takeRecovered();
      const [asker] = start(
        { cluster: { role: 'ask', replicas: 'twins' } },
        { cluster: { role: 'ask', replicas: 'twins' }, options: { delivery } },
      );
      const asked = failure(asker!.ask('a fox', { recovery }));
      await waitUntil(async () => (await redis.client.zcard(key('waiting'))) === 1);
      asker!.account.close();
      instances.start({ cluster: { role: 'work' } });
      await asked;
      assert.equal((await delivered)[1].images.length, 1);
      assert.equal(service.prompts.length, 1);
    });

    it('gives no result to another house', async () => {
      const release = service.hold();
      const { delivery, delivered } = takeRecovered();
      const [asker] = start({ cluster: { role: 'ask' } }, { options: { delivery } });
      const asked = failure(asker!.ask('a fox', { recovery }));
      await waitUntil(() => service.prompts.length === 1);
      asker!.account.close();
      await asked;
      release();
      assert.equal(await Promise.race([delivered, sleep(2000, 'none')]), 'none');
    });

    itWithOwnRedis('finishes what is under way while Redis is away, and refuses what is new', async () => {
      const release = service.hold();
      const [instance] = start({ settings: { timeout: 15_000 } });
      const asked = instance!.ask('a fox');
      await waitUntil(() => service.prompts.length === 1);
      await redis.kill();
      const error = await failure(instance!.ask('another fox'));
      assert.deepEqual([error.code, error.charged], ['cluster_unavailable', 'no']);
      release();
      await waitUntil(() => service.charged === 1);
      await redis.start();
      assert.equal((await asked).images.length, 1);
      assert.equal((await instance!.account.spending()).day, 1);
      assert.deepEqual(service.prompts, ['a fox']);
    });

    itWithOwnRedis('leaves no connection behind where it is closed while Redis is away', async () => {
      const [instance] = start({});
      await instance!.ask('a fox');
      await redis.kill();
      instance!.account.close();
      await redis.start();
      await sleep(3000);
      assert.equal(
        String(await redis.client.client('LIST'))
          .trim()
          .split('\n').length,
        1,
      );
    });

    it('rebuilds the spending from the ledgers when Redis has forgotten it', async () => {
      const all = start({}, {});
      await Promise.all(['a', 'b', 'c', 'd'].map((prompt, index) => all[index % 2]!.ask(prompt)));
      await redis.forget(instances.name);
      await waitUntil(async () => (await all[0]!.account.spending()).day === 4);
      await all[1]!.ask('e');
      assert.equal((await all[0]!.account.spending()).day, 5);
    });
  });
});

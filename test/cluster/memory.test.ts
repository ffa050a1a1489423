import assert from 'node:assert/strict';
import { ImageError } from '../../src/errors.js';
import { patientTiming } from '../helpers/cluster-accounts.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { image } from '../helpers/images.js';
import { type TestRedis, describeWithRedis, startRedis } from '../helpers/redis.js';
import { useInstances } from '../helpers/use-instances.js';
import { waitUntil } from '../helpers/wait-until.js';

describeWithRedis('a cluster whose memory is short', function () {
  let redis: TestRedis;
  let service: CountingService;
  const instances = useInstances(() => ({ redis, service }), { timing: patientTiming });
  const { start } = instances;

  before(async () => (redis = await startRedis()));
  after(() => redis.stop());
  beforeEach(async () => (service = await startCountingService()));
  afterEach(async () => {
    await redis.client.config('SET', 'maxmemory', '0');
    await service.close();
  });

  const key = (of: string): string => `{test:${instances.name}}:${of}`;

  const endOf = (asked: Promise<unknown>): Promise<string> =>
    asked.then(
      () => 'image',
      (error: unknown) => (error instanceof ImageError ? `${error.key} ${error.charged}` : String(error)),
    );

  /** Makes Redis about so full, in percent, and waits until an instance has seen that it is full at all. */
  async function fill(percent: number): Promise<void> {
    const used = Number(/used_memory:(\d+)/.exec(await redis.client.info('memory'))?.[1]);
    await redis.client.config('SET', 'maxmemory', String(Math.floor((used * 100) / percent)));
    await waitUntil(async () => Number(await redis.client.hget(key('meta'), 'memory')) >= Math.min(percent, 100) - 10);
  }

  /** Lets the account have no room for images. */
  const useAllRoom = (): Promise<unknown> => redis.client.set(key('blobs:total'), 64_000_000);

  it('refuses new requests at 80 %, and ends what is under way', async () => {
    const instance = start();
    await instance.account.spending();
    const release = service.hold();
    const underWay = endOf(instance.ask('a fox'));
    await waitUntil(() => service.prompts.length === 1);
    await fill(92);
    assert.equal(await endOf(instance.ask('another')), 'cluster_memory no');
    const bytes = await image();
    const withImage = { prompt: 'a third', images: [{ bytes, mime: 'image/png', width: 1, height: 1 }], extra: {} };
    const { signal } = new AbortController();
    assert.equal(await endOf(instance.account.generate(withImage, { signal })), 'cluster_memory no');
    assert.deepEqual(await redis.client.keys(key('blob:*')), []);
    release();
    assert.equal(await underWay, 'image');
  });

  it('books and ends what is under way where not a byte is left, and keeps its image', async () => {
    const instance = start({ settings: { history: 'disk' } });
    await instance.account.spending();
    const release = service.hold();
    const underWay = endOf(instance.ask('a fox'));
    await waitUntil(() => service.prompts.length === 1);
    await fill(150);
    release();
    assert.equal(await underWay, 'cluster_kept_elsewhere yes');
    assert.equal((await instance.account.spending()).day, 1);
    await waitUntil(async () => (await instance.account.history.list({ limit: 1 })).length === 1);
  });

  for (const [history, end, kept] of [
    ['disk', 'cluster_kept_elsewhere yes', ['a fox']],
    ['off', 'cluster_no_room yes', []],
  ] as const) {
    it(`leaves a result that has no room with its maker, history ${history}`, async () => {
      const worker = start({ settings: { history } });
      const asker = start({ settings: { history }, cluster: { role: 'ask' } });
      await Promise.all([worker.account.spending(), asker.account.spending()]);
      await useAllRoom();
      assert.equal(await endOf(asker.ask('a fox')), end);
      const list = (): Promise<{ prompt: string }[]> => worker.account.history.list({ limit: 10 });
      await waitUntil(async () => (await list()).length === kept.length);
      assert.deepEqual(
        (await list()).map(({ prompt }) => prompt),
        kept,
      );
      assert.equal((await asker.account.spending()).day, 1);
    });
  }

  it('refuses input images that have no room, and leaves none of them behind', async () => {
    const instance = start();
    await instance.account.spending();
    const images = ['the first image', 'x'.repeat(500_000)].map((text) => ({
      ...{ bytes: Buffer.from(text), mime: 'image/png', width: 1, height: 1 },
    }));
    await redis.client.set(key('blobs:total'), 63_900_000);
    const { signal } = new AbortController();
    const asked = instance.account.generate({ prompt: 'a fox', images, extra: {} }, { signal });
    assert.equal(await endOf(asked), 'queue_too_large no');
    assert.deepEqual(await redis.client.keys(key('blob:*')), []);
    assert.deepEqual(service.prompts, []);
  });
});

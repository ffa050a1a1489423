import assert from 'node:assert/strict';
import { ImageError } from '../../src/errors.js';
import { patientTiming } from '../helpers/cluster-accounts.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { type TestRedis, describeWithRedis, startRedis } from '../helpers/redis.js';
import { useInstances } from '../helpers/use-instances.js';
import { waitUntil } from '../helpers/wait-until.js';

/** Redis comes back with what it knew when it was told to save, as after a fail-over or with `appendfsync everysec`. */
describeWithRedis('a Redis that has lost its last second', function () {
  let redis: TestRedis;
  let service: CountingService;
  const instances = useInstances(() => ({ redis, service }), { timing: patientTiming });
  const { start } = instances;

  beforeEach(async () => {
    [redis, service] = await Promise.all([startRedis(['--appendonly', 'no']), startCountingService()]);
  });
  afterEach(async () => {
    await Promise.all([redis.stop(), service.close()]);
  });

  const endOf = (asked: Promise<unknown>): Promise<string> =>
    asked.then(
      () => 'image',
      (error: unknown) => (error instanceof ImageError ? `${error.key} ${error.charged}` : String(error)),
    );

  it('is told that a request was sent, which is not sent again', async () => {
    const release = service.hold();
    const asked = endOf(start({ cluster: { role: 'ask' } }).ask('a fox'));
    await waitUntil(async () => (await redis.client.zcard(`{test:${instances.name}}:waiting`)) === 1);
    await redis.client.save();
    const workers = [start({ cluster: { role: 'work' } }), start({ cluster: { role: 'work' } })];
    await waitUntil(() => service.prompts.length === 1);
    await redis.kill();
    await redis.start();
    await waitUntil(async () => (await redis.client.zcard(`{test:${instances.name}}:open`)) === 1);
    release();
    assert.equal(await asked, 'image');
    assert.deepEqual(service.prompts, ['a fox']);
    assert.equal((await workers[0]!.account.spending()).day, 1);
  });

  it('has nothing sent again where the instance that sent it is gone, too', async () => {
    service.hold();
    const timing = { ...patientTiming, alive: 1500 };
    const asked = endOf(start({ cluster: { role: 'ask' }, options: { timing } }).ask('a fox'));
    await waitUntil(async () => (await redis.client.zcard(`{test:${instances.name}}:waiting`)) === 1);
    await redis.client.save();
    const worker = start({ cluster: { role: 'work' }, options: { timing } });
    await waitUntil(() => service.prompts.length === 1);
    await redis.kill();
    worker.account.close();
    await redis.start();
    start({ cluster: { role: 'work' }, options: { timing } });
    assert.equal(await asked, 'cluster_lost unknown');
    assert.deepEqual(service.prompts, ['a fox']);
  });
});

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImageError } from '../../src/errors.js';
import { type InstanceOptions, newAccountName, startInstance, type TestInstance } from '../helpers/cluster-accounts.js';
import { waitFor } from '../helpers/cluster-fixture.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { type TestRedis, describeWithRedis, startRedis } from '../helpers/redis.js';

describeWithRedis('a cluster whose Redis goes away', function () {
  this.timeout(20_000);
  let redis: TestRedis;
  let service: CountingService;
  const open: TestInstance[] = [];
  /** The account of the last instances that were started. */
  let name = '';

  beforeEach(async () => {
    [redis, service] = await Promise.all([startRedis(), startCountingService()]);
    name = newAccountName();
  });
  afterEach(async () => {
    for (const { account } of open.splice(0)) account.close();
    await Promise.all([redis.stop(), service.close()]);
  });

  function start(options: InstanceOptions = {}): TestInstance {
    const instance = startInstance(redis, service.url, name, options);
    open.push(instance);
    return instance;
  }

  const abortable = (): { signal: AbortSignal; abort(): void } => {
    const controller = new AbortController();
    return { signal: controller.signal, abort: () => controller.abort(new ImageError('cancelled', 'cancelled')) };
  };

  /** How a request ended: `image`, or code and verdict. */
  const endOf = (asked: Promise<unknown>): Promise<string> =>
    asked.then(
      () => 'image',
      (error: unknown) => (error instanceof ImageError ? `${error.code} ${error.charged}` : String(error)),
    );

  const stateOf = async (): Promise<string | null> => {
    const [found] = await redis.client.keys(`{test:${name}}:request:*`);
    return found === undefined ? null : redis.client.hget(found, 'state');
  };

  it('sends what was reserved when Redis was started again', async () => {
    const instance = start({ settings: { budget: 100 } });
    await instance.account.spending();
    service.listDelay = 1000;
    const asked = endOf(instance.ask('a fox'));
    while ((await stateOf()) !== 'reserved') await sleep(5);
    await redis.kill();
    await sleep(1300);
    await redis.start();
    assert.equal(await asked, 'image');
    await waitFor(() => service.prompts.length === 1, 1000);
  });

  it('holds nothing up where the queue does not answer', async () => {
    const instance = start({ cluster: { role: 'ask' } });
    await instance.account.spending();
    const { signal, abort } = abortable();
    const asked = endOf(instance.ask('a fox', { signal }));
    while ((await stateOf()) !== 'queued') await sleep(1);
    redis.pause();
    abort();
    assert.equal(await Promise.race([asked, sleep(8000, 'nothing')]), 'cancelled unknown');
    redis.resume();
  });
});

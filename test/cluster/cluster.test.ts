import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestState } from '../../src/account/send-request.js';
import { ImageError } from '../../src/errors.js';
import { type InstanceOptions, newAccountName, startInstance, type TestInstance } from '../helpers/cluster-accounts.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { type TestRedis, describeWithRedis, startRedis } from '../helpers/redis.js';

describeWithRedis('a cluster of accounts', function () {
  this.timeout(20_000);
  let redis: TestRedis;
  let service: CountingService;
  const open: TestInstance[] = [];
  /** The account of the last instances that were started. */
  let name = '';

  before(async () => (redis = await startRedis()));
  after(() => redis.stop());
  beforeEach(async () => (service = await startCountingService()));
  afterEach(async () => {
    for (const { account } of open.splice(0)) account.close();
    await service.close();
  });

  /** So many instances of one account, each with the options of its place. */
  function start(...each: InstanceOptions[]): TestInstance[] {
    name = newAccountName();
    const started = each.map((options) => startInstance(redis, service.url, name, options));
    open.push(...started);
    return started;
  }

  const failure = (promise: Promise<unknown>): Promise<ImageError> =>
    promise.then(
      () => assert.fail('it did not fail'),
      (error: unknown) => {
        assert.ok(error instanceof ImageError, String(error));
        return error;
      },
    );

  it('generates an image that any worker sends, and gives it to who asked', async () => {
    const [asker] = start({ cluster: { role: 'ask' }, settings: { apiKey: '' } }, { cluster: { role: 'work' } });
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
    await sleep(100);
    assert.deepEqual(await redis.client.keys('*blob:*'), [], 'nothing of it stays in Redis');
  });

  it('shares concurrency and budget', async () => {
    const settings = { concurrency: 3, budget: 10 };
    const instances = start({ settings }, { settings }, { settings });
    const ends = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) => instances[index % 3]!.ask(`fox ${index}`)),
    );
    const codes = ends.map((end) => (end.status === 'fulfilled' ? 'image' : (end.reason as ImageError).code));
    assert.equal(codes.filter((code) => code === 'image').length, 10, codes.join());
    assert.equal(codes.filter((code) => code === 'budget_exceeded').length, 20, codes.join());
    assert.equal(service.charged, 10);
    assert.ok(service.mostAtOnce <= 3, String(service.mostAtOnce));
    assert.equal((await instances[1]!.account.spending()).day, 10);
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
    service.delay = 1000;
    const settings = { concurrency: 1 };
    const [asker] = start({ settings, cluster: { role: 'ask' } }, { settings, cluster: { role: 'work' } });
    const [sent, waiting] = [new AbortController(), new AbortController()];
    let isRunning = (): void => undefined;
    const running = new Promise<void>((resolve) => (isRunning = resolve));
    const first = failure(
      asker!.ask('sent', { signal: sent.signal, onState: ({ phase }) => void (phase === 'running' && isRunning()) }),
    );
    await running;
    const second = failure(asker!.ask('waits', { signal: waiting.signal }));
    await sleep(200);
    waiting.abort(new ImageError('cancelled', 'cancelled'));
    sent.abort(new ImageError('cancelled', 'cancelled'));
    assert.deepEqual([(await second).code, (await second).charged], ['cancelled', 'no']);
    assert.deepEqual([(await first).code, (await first).charged], ['cancelled', 'unknown']);
    assert.deepEqual(service.prompts, ['sent']);
  });

  it('ends waiting requests where nobody takes any', async () => {
    const [asker] = start({ cluster: { role: 'ask' } });
    const error = await failure(asker!.ask('a fox'));
    assert.deepEqual([error.code, error.key, error.charged], ['cluster_unavailable', 'cluster_no_worker', 'no']);
  });

  it('refuses an instance of another service under the same name', async () => {
    const [first] = start({});
    await first!.ask('a fox');
    const other = startInstance(redis, service.url, name, { settings: { service: 'compatible' } });
    open.push(other);
    const error = await failure(other.ask('a fox'));
    assert.deepEqual([error.code, error.key], ['not_configured', 'cluster_differs']);
  });

  it('refuses an instance with another secret', async () => {
    const [first] = start({});
    await first!.ask('a fox');
    const other = startInstance(redis, service.url, name, { cluster: { secret: 'another secret, as long' } });
    open.push(other);
    assert.equal((await failure(other.ask('a fox'))).key, 'cluster_differs');
  });

  it('keeps prompts and images from who reads Redis', async () => {
    service.delay = 500;
    const [asker] = start({});
    const asked = asker!.ask('a very secret fox');
    await sleep(300);
    const found: string[] = [];
    for (const key of await redis.client.keys('*')) {
      const type = await redis.client.type(key);
      if (type === 'hash') found.push(JSON.stringify(await redis.client.hgetall(key)));
      if (type === 'string') found.push((await redis.client.getBuffer(key))!.toString('latin1'));
    }
    assert.ok(found.length > 5);
    assert.ok(!found.some((text) => text.includes('secret fox')));
    await asked;
  });
});

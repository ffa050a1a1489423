import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { serialize } from 'node:v8';
import { ImageError } from '../../src/errors.js';
import { patientTiming, type TestInstance } from '../helpers/cluster-accounts.js';
import { waitFor } from '../helpers/cluster-fixture.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { image } from '../helpers/images.js';
import { startRedisTap } from '../helpers/redis-tap.js';
import { type TestRedis, describeWithRedis, startRedis } from '../helpers/redis.js';
import { useInstances } from '../helpers/use-instances.js';
import { waitUntil } from '../helpers/wait-until.js';

/** Gives a Redis up that stays away for a little while. */
const brief = { ...patientTiming, away: 1500 };

describeWithRedis('a cluster whose Redis goes away', function () {
  let redis: TestRedis;
  let service: CountingService;
  const instances = useInstances(() => ({ redis, service }), { timing: patientTiming });
  const { start } = instances;

  beforeEach(async () => {
    [redis, service] = await Promise.all([startRedis(), startCountingService()]);
  });
  afterEach(async () => {
    await Promise.all([redis.stop(), service.close()]);
  });

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
    const [found] = await redis.client.keys(`{test:${instances.name}}:request:*`);
    return found === undefined ? null : redis.client.hget(found, 'state');
  };

  const cuts = [
    ['reserve', 'after'],
    ['send', 'before'],
    ['send', 'after'],
    ['retry', 'before'],
    ['retry', 'after'],
    ['finish', 'after'],
  ] as const;
  for (const [operation, moment] of cuts) {
    it(`sends and retries as ever where its worker is cut off ${moment} ${operation}`, async () => {
      const tap = await startRedisTap(redis.port);
      const worker = start({ cluster: { role: 'work' } }, tap);
      await worker.account.spending();
      tap.once(operation, moment, () => tap.cut());
      service.refuse = () =>
        service.prompts.length === 1 ? { status: 429, headers: { 'retry-after': '0' } } : undefined;
      assert.equal(await endOf(start({ cluster: { role: 'ask' } }).ask('a fox')), 'image');
      assert.deepEqual(service.prompts, ['a fox', 'a fox']);
      assert.equal((await worker.account.spending()).day, 1);
      tap.close();
    });
  }

  it('marks what was delivered once Redis is back, so that no start delivers it again', async () => {
    const tap = await startRedisTap(redis.port);
    const asker = start({}, tap);
    tap.once('delivered', 'before', () => tap.cut());
    assert.equal(await endOf(asker.ask('a fox')), 'image');
    while ((await stateOf()) !== 'delivered') await sleep(20);
    tap.close();
  });

  it('keeps the image of a request that Redis forgot while it was under way', async () => {
    const release = service.hold();
    const worker = start({ cluster: { role: 'work' } });
    const end = endOf(start({ cluster: { role: 'ask' } }).ask('a fox'));
    await waitFor(() => service.prompts.length === 1, 30_000);
    await redis.client.flushall();
    release();
    assert.match(await end, /image|cluster_unavailable unknown/);
    let kept: string[] = [];
    while (kept.length === 0) {
      await sleep(20);
      kept = (await worker.account.history.list({ limit: 9 })).map(({ prompt }) => prompt);
    }
    assert.deepEqual(kept, ['a fox']);
  });

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

  it('leaves no input image behind of what is cancelled while Redis is away', async () => {
    const tap = await startRedisTap(redis.port);
    const { account } = start({ cluster: { role: 'ask' } }, tap);
    const { signal, abort } = abortable();
    const images = [{ bytes: await image(), mime: 'image/png', width: 1, height: 1 }];
    const asked = endOf(account.generate({ prompt: 'a fox', images, extra: {} }, { signal }));
    await waitUntil(async () => (await stateOf()) === 'queued');
    tap.once('cancel', 'before', () => tap.cut());
    abort();
    assert.equal(await asked, 'cancelled no');
    await waitUntil(async () => (await redis.client.keys(`{test:${instances.name}}:blob:*`)).length === 0);
    tap.close();
  });

  it('delivers the result of a dead asker where the answer of Redis was lost, once', async () => {
    const release = service.hold();
    const delivered: string[] = [];
    const recovery = { nodeId: 'n1', nodeType: 'nanogpt-image', message: serialize({ payload: 'a fox' }) };
    const [cluster, tap] = [{ replicas: 'twins' }, await startRedisTap(redis.port)];
    start({ cluster: { role: 'work' } });
    const first = start({ cluster: { ...cluster, role: 'ask' } });
    first.ask('a fox', { recovery }).catch(() => undefined);
    await waitFor(() => service.prompts.length === 1, 30_000);
    tap.once('adopt', 'after', () => tap.cut());
    const delivery = {
      has: () => true,
      deliver: (_: string, message: Record<string, unknown>): void => void delivered.push(String(message.payload)),
    };
    await start({ cluster: { ...cluster, role: 'ask' }, options: { delivery } }, tap).account.spending();
    first.account.close();
    release();
    await waitUntil(() => delivered.length === 1);
    await sleep(500);
    assert.deepEqual(delivered, ['a fox']);
    tap.close();
  });

  it('sends a cancelled request not again, also where its worker has not heard of that', async () => {
    const tap = await startRedisTap(redis.port);
    const release = service.hold();
    service.refuse = () =>
      service.prompts.length === 1 ? { status: 429, headers: { 'retry-after': '0' } } : undefined;
    const settings = { timeout: 60_000 };
    start({ settings, cluster: { role: 'work' } }, tap);
    const asker = start({ settings, cluster: { role: 'ask' } });
    const { signal, abort } = abortable();
    const end = endOf(asker.ask('a fox', { signal }));
    await waitFor(() => service.prompts.length === 1, 30_000);
    tap.cut();
    abort();
    await sleep(500);
    release();
    assert.equal(await end, 'cancelled no');
    await sleep(1000);
    assert.deepEqual([service.prompts, service.charged], [['a fox'], 0]);
    tap.close();
  });

  it('leaves the image of a cancelled request to another that has the same', async () => {
    const tap = await startRedisTap(redis.port);
    const { account } = start({ cluster: { role: 'ask' } }, tap);
    const images = [{ bytes: await image(), mime: 'image/png', width: 1, height: 1 }];
    const ask = (prompt: string, signal: AbortSignal): Promise<string> =>
      endOf(account.generate({ prompt, images, extra: {} }, { signal }));
    const uses = async (): Promise<string> =>
      Object.values(await redis.client.hgetall(`{test:${instances.name}}:blobs:uses`)).join();
    const { signal, abort } = abortable();
    const cancelled = ask('a fox', signal);
    const other = ask('a wolf', new AbortController().signal);
    await waitUntil(async () => (await redis.client.zcard(`{test:${instances.name}}:waiting`)) === 2);
    assert.equal(await uses(), '2');
    tap.once('cancel', 'before', () => tap.cut());
    abort();
    assert.equal(await cancelled, 'cancelled no');
    await waitUntil(async () => (await uses()) !== '2');
    // Some sweeps later.
    await sleep(500);
    assert.equal(await uses(), '1');
    start({ cluster: { role: 'work' } });
    assert.equal(await other, 'image');
    tap.close();
  });

  it('says that an earlier attempt may be charged where the last one is free', async () => {
    const end = endOf(start({ cluster: { role: 'ask' } }).ask('a fox'));
    await waitUntil(async () => (await stateOf()) === 'queued');
    const [found] = await redis.client.keys(`{test:${instances.name}}:request:*`);
    await redis.client.hset(found!, 'mayBeCharged', '1');
    service.refuse = () => ({ status: 402 });
    start({ cluster: { role: 'work' } });
    assert.equal(await end, 'insufficient_balance unknown');
  });

  it('holds nothing up where the queue does not answer', async () => {
    const instance = start({ cluster: { role: 'ask' } });
    await instance.account.spending();
    const { signal, abort } = abortable();
    const asked = endOf(instance.ask('a fox', { signal }));
    while ((await stateOf()) !== 'queued') await sleep(1);
    redis.pause();
    abort();
    assert.equal(await Promise.race([asked, sleep(8000, 'nothing')]), 'cancelled no');
    redis.resume();
  });

  const outages: [what: string, begin: () => Promise<void> | void, end: () => Promise<void> | void][] = [
    ['ends', () => redis.kill(), () => redis.start()],
    ['hangs', () => redis.pause(), () => redis.resume()],
  ];
  for (const [what, begin, end] of outages) {
    it(`ends what waits where Redis ${what} and stays away, and never sends it`, async () => {
      const release = service.hold();
      const settings = { concurrency: 1, timeout: 30_000 };
      const worker = start({ settings });
      const asker = start({ settings, cluster: { role: 'ask' }, options: { timing: brief } });
      const first = endOf(worker.ask('sent'));
      await waitFor(() => service.prompts.length === 1, 30_000);
      const waiting = endOf(asker.ask('waits'));
      await waitUntil(async () => (await redis.client.zcard(`{test:${instances.name}}:waiting`)) === 1);
      await begin();
      assert.equal(await waiting, 'cluster_unavailable no');
      await end();
      release();
      assert.equal(await first, 'image');
      await sleep(500);
      assert.deepEqual(service.prompts, ['sent']);
    });

    it(`ends what was sent where Redis ${what} and stays away, and keeps its image`, async () => {
      const release = service.hold();
      const settings = { timeout: 3000, history: 'disk' } as const;
      const worker = start({ settings });
      const tap = await startRedisTap(redis.port);
      const asker = start({ settings, cluster: { role: 'ask' }, options: { timing: brief } }, tap);
      const asked = endOf(asker.ask('a fox'));
      await waitFor(() => service.prompts.length === 1, 30_000);
      // When it looks again, it has heard by when the request must have ended.
      for (let looks = 0; looks < 2; looks++)
        await new Promise<void>((resolve) => tap.once('look', 'before', resolve, { holds: false }));
      await begin();
      release();
      assert.equal(await asked, 'connection_lost unknown');
      await end();
      await waitUntil(async () => (await listPrompts([asker, worker])).includes('a fox'));
      tap.close();
    });
  }

  it('is not held up by a connection that is dead without a word', async () => {
    const proxy = await startProxy(redis.port);
    start();
    const instance = start({
      cluster: { url: proxy.url, role: 'ask' },
    });
    assert.equal(await endOf(instance.ask('a fox')), 'image');
    proxy.silence();
    await waitUntil(async () => (await endOf(instance.ask('another'))) === 'image');
    await proxy.close();
  });

  const refusals: [what: string, password: string, set: (redis: TestRedis) => Promise<unknown>][] = [
    ['a wrong password', 'wrong', ({ client }) => client.config('SET', 'requirepass', 'right')],
    ['a user who may run no scripts', '', ({ client }) => client.acl('SETUSER', 'default', '-eval', '-evalsha')],
  ];
  for (const [what, password, set] of refusals) {
    it(`says that Redis refuses ${what}`, async () => {
      await set(redis);
      const instance = start({ cluster: { password } });
      const error = await instance.ask('a fox').catch((thrown: unknown) => thrown);
      assert.ok(error instanceof ImageError);
      assert.deepEqual([error.code, error.key, error.charged], ['not_configured', 'redis_password', 'no']);
    });
  }

  it('ends what it was asking when it was closed', async () => {
    const tap = await startRedisTap(redis.port);
    const { account, ask } = start({ cluster: { role: 'ask' } }, tap);
    tap.once('enqueue', 'after', () => account.close(), { holds: false });
    assert.equal(await endOf(ask('a fox')), 'cancelled no');
    tap.close();
  });

  it('ends everything at once where it is closed meanwhile', async () => {
    service.hold();
    const instance = start({ settings: { concurrency: 1 } });
    const asked = ['sent', 'waits'].map((prompt) => endOf(instance.ask(prompt)));
    await waitFor(() => service.prompts.length === 1, 30_000);
    await waitUntil(async () => (await redis.client.zcard(`{test:${instances.name}}:waiting`)) === 1);
    redis.pause();
    const ends = Promise.all(asked);
    instance.account.close();
    const [sent, waiting] = (await Promise.race([ends, sleep(1500, [])])).sort();
    assert.deepEqual([sent, waiting], ['cancelled no', 'cluster_unavailable unknown']);
    redis.resume();
  });
});

async function listPrompts(instances: TestInstance[]): Promise<string[]> {
  const lists = await Promise.all(instances.map(({ account }) => account.history.list({ limit: 10 })));
  return lists.flat().map(({ prompt }) => prompt);
}

/** A way to Redis whose open connections can fall silent, as where a machine loses its power; new ones work. */
async function startProxy(port: number): Promise<{ url: string; silence(): void; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => undefined);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    silence: () => sockets.forEach((socket) => socket.unpipe().resume()),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

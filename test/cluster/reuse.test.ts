import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImageError } from '../../src/errors.js';
import type { Generation } from '../../src/generation.js';
import { type InstanceOptions, patientTiming, type TestInstance } from '../helpers/cluster-accounts.js';
import { waitFor } from '../helpers/cluster-fixture.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { describeWithSharedRedis, itWithOwnRedis, openSharedRedis } from '../helpers/redis.js';
import { useInstances } from '../helpers/use-instances.js';

const reuse = 3600_000;

describeWithSharedRedis('the same request of several instances', function () {
  let redis: Awaited<ReturnType<typeof openSharedRedis>>;
  let service: CountingService;
  const instances = useInstances(() => ({ redis, service }), { timing: patientTiming });

  before(async () => (redis = await openSharedRedis()));
  after(() => redis.stop());
  beforeEach(async () => (service = await startCountingService()));
  afterEach(() => service.close());

  /** So many instances of one account that are in the cluster, each with the options of its place. */
  async function start(...each: InstanceOptions[]): Promise<TestInstance[]> {
    const started = instances.startAll(...each);
    await Promise.all(started.map(({ account }) => account.clusterState()));
    return started;
  }

  /** How a request ends: as the one that is paid, as another that gets its images, or with what error. */
  const endOf = (asked: Promise<Generation>): Promise<string> =>
    asked.then(
      ({ reused = false, cost, images }) => `${images.length} ${reused ? 'reused' : 'paid'} ${cost}`,
      (error: unknown) => (error instanceof ImageError ? `${error.code} ${error.charged}` : String(error)),
    );

  const [asks, works]: InstanceOptions[] = [{ cluster: { role: 'ask' } }, { cluster: { role: 'work' } }];

  describe('that was made', () => {
    it('is answered with its images, and costs nothing', async () => {
      const [maker, other] = await start({}, {});
      const made = await maker!.ask('a fox', { reuse, n: 2 });
      let shown = '';
      const found = await other!.ask('a fox', { reuse, n: 2, nodeId: 'door', onKept: ({ id }) => (shown = id) });
      assert.deepEqual([found.reused, found.cost, found.model], [true, 0, 'counted']);
      assert.deepEqual(
        found.images.map(({ bytes }) => bytes),
        made.images.map(({ bytes }) => bytes),
      );
      assert.deepEqual((await other!.account.history.get(shown))?.bytes, made.images[0]!.bytes);
      assert.deepEqual(await other!.account.history.list({ limit: 9 }), []);
      assert.equal(service.charged, 2);
      assert.equal((await other!.account.spending()).day, 2);
    });

    it('is paid again by who does not reuse, asks for something else, or too late', async () => {
      const [maker, other] = await start({}, {});
      await maker!.ask('a fox', { reuse });
      assert.equal(await endOf(other!.ask('a fox')), '1 paid 1');
      assert.equal(await endOf(other!.ask('a wolf', { reuse })), '1 paid 1');
      await maker!.ask('a bear', { reuse });
      await sleep(20);
      assert.equal(await endOf(other!.ask('a bear', { reuse: 10 })), '1 paid 1');
    });

    it('is paid again where Redis no longer has its images', async () => {
      const [maker, other] = await start({}, {});
      await maker!.ask('a fox', { reuse });
      const cluster = await other!.account.cluster.reach();
      await cluster?.history.clear();
      assert.equal(await endOf(other!.ask('a fox', { reuse })), '1 paid 1');
    });

    it('cannot be told from others by who reads Redis', async () => {
      const [maker] = await start({});
      await maker!.ask('a fox', { reuse });
      const { digest } = (await maker!.account.history.list({ limit: 1 }))[0]!;
      const keys = await redis.client.keys(`{test:${instances.name}}*`);
      assert.ok(digest && !keys.some((key) => key.includes(digest)));
    });
  });

  describe('that someone who writes to Redis calls the same', () => {
    const key = async (pattern: string): Promise<string> =>
      (await redis.client.keys(`{test:${instances.name}}:${pattern}`))[0]!;

    it('is no answer where it was made', async () => {
      const [maker, other] = await start({}, {});
      await maker!.ask('a wolf', { reuse });
      const wolf = await key('made:by:*');
      await redis.client.del(wolf);
      await maker!.ask('a fox', { reuse });
      await redis.client.rename(await key('made:by:*'), wolf);
      assert.equal(await endOf(other!.ask('a wolf', { reuse })), '1 paid 1');
    });

    it('is no answer while it is under way', async () => {
      const [first, second] = await start({}, {});
      service.refuse = () => ({ status: 402 });
      await endOf(first!.ask('a wolf', { reuse }));
      service.refuse = undefined;
      const wolf = await key('asked:*');
      await redis.client.del(wolf);
      const release = service.hold();
      const fox = first!.ask('a fox', { reuse });
      await waitFor(() => service.prompts.length === 2, 30_000);
      await redis.client.rename(await key('asked:*'), wolf);
      const wolfEnd = endOf(second!.ask('a wolf', { reuse }));
      await waitFor(() => service.prompts.length === 3, 10_000);
      release();
      assert.equal(await wolfEnd, '1 paid 1');
      assert.equal(await endOf(fox), '1 paid 1');
    });
  });

  describe('at the same time', () => {
    it('is sent and paid once', async () => {
      service.delay = 200;
      const all = await start({}, {}, {});
      const ends = await Promise.all(
        Array.from({ length: 12 }, (_, index) => endOf(all[index % 3]!.ask('a fox', { reuse }))),
      );
      assert.deepEqual(ends.sort(), ['1 paid 1', ...Array<string>(11).fill('1 reused 0')]);
      assert.deepEqual(service.prompts, ['a fox']);
    });

    it('fails for all as for the one that is sent, and can be asked again', async () => {
      const release = service.hold();
      service.refuse = () => ({ status: 402 });
      const all = await start({}, {}, {});
      const running = new Set<TestInstance>();
      const ends = all.map((each) =>
        endOf(each.ask('a fox', { reuse, onState: ({ phase }) => void (phase === 'running' && running.add(each)) })),
      );
      await waitFor(() => running.size === 3, 10_000);
      release();
      assert.deepEqual(await Promise.all(ends), Array(3).fill('insufficient_balance no'));
      assert.deepEqual(service.prompts, ['a fox']);
      service.refuse = undefined;
      assert.equal(await endOf(all[1]!.ask('a fox', { reuse })), '1 paid 1');
    });

    /** Two instances that ask for the same, the second once the first is on its way; a third one sends it. */
    async function askTwice({ isSent = true, settings = {}, timing = patientTiming } = {}): Promise<{
      first: TestInstance;
      ends: Promise<string>[];
      stop: AbortController[];
      release(): void;
    }> {
      const release = service.hold();
      const limited = { concurrency: 1, ...settings };
      const [first, second, worker] = await start(
        { ...asks, settings: limited },
        { ...asks, settings: limited, options: { timing } },
        { ...works, settings: limited },
      );
      if (!isSent) worker!.ask('another', {}).catch(() => undefined);
      if (!isSent) await waitFor(() => service.prompts.length === 1, 30_000);
      const stop = [new AbortController(), new AbortController()];
      const ends = [endOf(first!.ask('a fox', { reuse, signal: stop[0]!.signal }))];
      while ((await redis.client.keys(`{test:${instances.name}}:asked:*`)).length === 0) await sleep(5);
      ends.push(endOf(second!.ask('a fox', { reuse, signal: stop[1]!.signal })));
      await waitForFollower();
      if (isSent) await waitFor(() => service.prompts.length === 1, 30_000);
      return { first: first!, ends, stop, release };
    }

    async function waitForFollower(): Promise<void> {
      for (;;) {
        for (const key of await redis.client.keys(`{test:${instances.name}}:request:*`))
          if ((await redis.client.hget(key, 'followed')) === '1') return;
        await sleep(10);
      }
    }

    const cancelled = new ImageError('cancelled', 'cancelled');

    it('is there for the second where the first dies after it was sent', async () => {
      const { first, ends, release } = await askTwice();
      first.account.close();
      await ends[0];
      release();
      assert.deepEqual(await Promise.all(ends), ['cluster_unavailable unknown', '1 reused 0']);
      assert.deepEqual(service.prompts, ['a fox']);
    });

    it('is sent for the second where the first dies before it was sent', async () => {
      const { first, ends, release } = await askTwice({ isSent: false });
      first.account.close();
      await ends[0];
      release();
      assert.equal(await ends[1], '1 paid 1');
      assert.deepEqual(service.prompts, ['another', 'a fox']);
    });

    it('goes on for the second where the first is cancelled, and ends the first at once', async () => {
      const { ends, stop, release } = await askTwice();
      stop[0]!.abort(cancelled);
      assert.equal(await Promise.race(ends), 'cancelled unknown');
      release();
      assert.equal(await ends[1], '1 reused 0');
      assert.deepEqual(service.prompts, ['a fox']);
    });

    it('is sent for the second where the first is cancelled while it waits', async () => {
      const { ends, stop, release } = await askTwice({ isSent: false });
      stop[0]!.abort(cancelled);
      await ends[0];
      release();
      assert.deepEqual(await Promise.all(ends), ['cancelled no', '1 paid 1']);
      assert.deepEqual(service.prompts, ['another', 'a fox']);
    });

    it('goes on for the first where the second is cancelled', async () => {
      const { ends, stop, release } = await askTwice();
      stop[1]!.abort(cancelled);
      await ends[1];
      release();
      assert.deepEqual(await Promise.all(ends), ['1 paid 1', 'cancelled no']);
    });

    it('ends for both where someone stops it', async () => {
      const { ends } = await askTwice();
      const cluster = await instances.open[1]!.account.cluster.reach();
      const [found] = await cluster!.requests.list();
      assert.equal(await cluster!.requests.stop(found!.id), true);
      assert.deepEqual(await Promise.all(ends), ['cancelled unknown', 'cancelled unknown']);
    });

    it('is of unknown outcome for both where its worker dies', async () => {
      const { ends } = await askTwice({ settings: { timeout: 1500 } });
      instances.open[2]!.account.close();
      assert.deepEqual(await Promise.all(ends), Array(2).fill('connection_lost unknown'));
    });

    itWithOwnRedis('is waited for by both while Redis is away', async () => {
      const { ends, release } = await askTwice();
      await redis.kill();
      release();
      await waitFor(() => service.charged === 1, 30_000);
      await redis.start();
      assert.deepEqual(await Promise.all(ends), ['1 paid 1', '1 reused 0']);
      assert.deepEqual(service.prompts, ['a fox']);
    });

    itWithOwnRedis('is not waited for by the second where Redis stays away', async () => {
      const { ends } = await askTwice({ timing: { ...patientTiming, away: 1500 } });
      await redis.kill();
      const end = await ends[1];
      await redis.start();
      assert.match(end!, /^cluster_unavailable (no|unknown)$/);
    });
  });
});

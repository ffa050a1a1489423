import assert from 'node:assert/strict';
import type { AccountSettings } from '../../src/account/settings.js';
import { ImageError } from '../../src/errors.js';
import { clusterOf, patientTiming, type TestInstance } from '../helpers/cluster-accounts.js';
import { fixtureSettings } from '../helpers/account-fixture.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { describeWithSharedRedis, openSharedRedis } from '../helpers/redis.js';
import { useInstances } from '../helpers/use-instances.js';
import { waitUntil } from '../helpers/wait-until.js';

describeWithSharedRedis(
  'settings of an account in a cluster that change while its requests are under way',
  function () {
    let redis: Awaited<ReturnType<typeof openSharedRedis>>;
    let service: CountingService;
    let elsewhere: CountingService;
    const instances = useInstances(() => ({ redis, service }), { timing: patientTiming });

    before(async () => (redis = await openSharedRedis()));
    after(() => redis.stop());
    beforeEach(async () => {
      [service, elsewhere] = await Promise.all([startCountingService(), startCountingService()]);
    });
    afterEach(() => Promise.all([service.close(), elsewhere.close()]));

    function configure({ account }: TestInstance, changes: Partial<AccountSettings>): void {
      const cluster = clusterOf(redis, instances.name);
      account.configure({
        ...fixtureSettings,
        model: 'counted',
        baseUrl: service.url,
        timeout: 30_000,
        cluster,
        ...changes,
      });
    }

    const endOf = (asked: Promise<unknown>): Promise<string> =>
      asked.then(
        () => 'image',
        (error: unknown) => (error instanceof ImageError ? `${error.key} ${error.charged}` : String(error)),
      );

    it('send what was under way with the old key, and what waited with the new one', async () => {
      const seen: string[] = [];
      service.onStep = (step, prompt, key) => void (step === 'request' && seen.push(`${prompt} by ${key}`));
      const release = service.hold();
      const instance = instances.start({ settings: { concurrency: 1, apiKey: 'old' } });
      const first = endOf(instance.ask('sent'));
      await waitUntil(() => seen.length === 1);
      const second = endOf(instance.ask('waits'));
      await waitUntil(async () => (await redis.client.zcard(`{test:${instances.name}}:waiting`)) === 1);
      configure(instance, { concurrency: 1, apiKey: 'new' });
      release();
      assert.deepEqual([await first, await second], ['image', 'image']);
      assert.deepEqual(seen, ['sent by old', 'waits by new']);
    });

    it('hand in what was sent before another address was set, with which the others refuse this one', async () => {
      const release = service.hold();
      const [worker, asker] = instances.startAll({}, { cluster: { role: 'ask' } });
      await asker!.account.clusterState();
      const ends = [endOf(asker!.ask('a fox')), endOf(worker!.ask('a wolf'))];
      await waitUntil(() => service.prompts.length === 2);
      configure(worker!, { baseUrl: elsewhere.url });
      assert.equal(await endOf(worker!.ask('new')), 'cluster_differs no');
      release();
      assert.deepEqual(await Promise.all(ends), ['image', 'image']);
      assert.deepEqual(elsewhere.prompts, []);
      assert.equal((await asker!.account.spending()).day, 2);
    });
  },
);

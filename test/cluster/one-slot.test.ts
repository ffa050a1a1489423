import assert from 'node:assert/strict';
import { checkCluster } from '../../src/cluster/check.js';
import { clusterOf, patientTiming } from '../helpers/cluster-accounts.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { image } from '../helpers/images.js';
import { describeWithRedis, startRedis, type TestRedis } from '../helpers/redis.js';
import { useInstances } from '../helpers/use-instances.js';
import { waitUntil } from '../helpers/wait-until.js';

/** Such a server refuses commands and scripts whose keys do not all lie in one slot. */
describeWithRedis('a server in cluster mode that holds all slots', function () {
  let redis: TestRedis;
  let service: CountingService;
  const instances = useInstances(() => ({ redis, service }), { timing: patientTiming });

  before(async () => {
    [redis, service] = await Promise.all([startRedis(['--cluster-enabled', 'yes']), startCountingService()]);
    await redis.client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await waitUntil(async () => String(await redis.client.call('CLUSTER', 'INFO')).includes('cluster_state:ok'));
  });
  after(() => Promise.all([redis.stop(), service.close()]));

  it('finds all keys of an account in one slot', async () => {
    const settings = { budget: 10, perMinute: 60 };
    const asker = instances.start({ cluster: { role: 'ask' }, settings });
    instances.start({ cluster: { role: 'work' }, settings });
    const images = [{ bytes: await image(), mime: 'image/png', width: 1, height: 1 }];
    const { signal } = new AbortController();
    await asker.account.generate({ prompt: 'a fox', images, extra: {} }, { signal, reuse: 3600_000 });
    assert.equal((await asker.account.spending()).day, 1);
    await waitUntil(async () => (await redis.client.zcard(`{test:${instances.name}}:made`)) === 1);
    const keys = await redis.client.keys('*');
    const slots = await Promise.all(keys.map((key) => redis.client.call('CLUSTER', 'KEYSLOT', key)));
    assert.equal(new Set(slots).size, 1, keys.join(' '));
  });

  it('is told from others by Check', async () => {
    const report = await checkCluster(clusterOf(redis, instances.name), new AbortController().signal);
    assert.equal(report.isClusterMode, true);
  });
});

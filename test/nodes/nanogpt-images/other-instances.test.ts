import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import helper from 'node-red-node-test-helper';
import { defaults } from '../../../nodes/nanogpt-cluster/config.js';
import { newAccountName, startInstance, type TestInstance } from '../../helpers/cluster-accounts.js';
import { type CountingService, startCountingService } from '../../helpers/counting-service.js';
import { ask, leave } from '../../helpers/dialog.js';
import { type AnyMessage, apiKey, loadFlow } from '../../helpers/flow.js';
import { describeWithSharedRedis, openSharedRedis } from '../../helpers/redis.js';

const secret = 'a secret of the tests';

describeWithSharedRedis('what other instances do, in the editor', function () {
  let redis: Awaited<ReturnType<typeof openSharedRedis>>;
  let service: CountingService;
  let other: TestInstance;

  before(() => helper.startServer());
  after(() => helper.stopServer());
  before(async () => {
    [redis, service] = await Promise.all([openSharedRedis(), startCountingService()]);
    await deploy();
  });
  after(async () => {
    other.account.close();
    await leave();
    await Promise.all([redis.stop(), service.close()]);
  });

  /** Deploys an account of a cluster; another instance shares it. */
  async function deploy(): Promise<void> {
    const name = newAccountName();
    const account = { service: 'nanogpt', baseUrl: service.url, cluster: 'cluster', clusterAccount: name };
    const cluster = { id: 'cluster', type: 'nanogpt-cluster', ...defaults, url: redis.url, prefix: 'test' };
    await loadFlow({ account, credentials: { apiKey }, more: [cluster], moreCredentials: { cluster: { secret } } });
    other = startInstance(redis, service.url, name, { options: { timing: {} } });
  }

  const get = async (path: string): Promise<AnyMessage> =>
    (await helper.request().get(`/nanogpt-image/${path}`)).body as AnyMessage;

  /** Asks until the answer is so. */
  async function until(path: string, isSo: (answer: AnyMessage) => boolean): Promise<AnyMessage> {
    for (;;) {
      const answer = await get(path);
      if (isSo(answer)) return answer;
      await sleep(20);
    }
  }

  it('is listed and stopped as what runs here', async () => {
    const release = service.hold();
    const asked = other.ask('a fox', { nodeId: 'door' }).catch(({ code }: { code: string }) => code);
    const { running } = await until('running', ({ running: [first] }) => first?.phase === 'running');
    const { id, started: _, sentBy: __, ...request } = running[0];
    const shown = { prompt: 'a fox', model: 'counted', nodeId: 'door', count: 1, phase: 'running' };
    assert.deepEqual(request, { ...shown, askedBy: hostname() });
    assert.deepEqual(await ask('nanogpt-image/stop', { id: 'of nothing' }), { stopped: false });
    assert.deepEqual(await ask('nanogpt-image/stop', { id }), { stopped: true });
    assert.equal(await asked, 'cancelled');
    release();
    assert.deepEqual((await until('running', ({ running: list }) => list.length === 0)).running, []);
  });

  it('is in the history of the editor, with its images', async () => {
    await other.ask('a wolf');
    const { items } = await until('history', ({ items: [first] }) => first?.prompt === 'a wolf');
    const { id, account, host } = items[0];
    assert.deepEqual([items.length, account, host], [1, 'account', hostname()]);
    assert.deepEqual((await get(`history/${encodeURIComponent(id)}`)).prompt, 'a wolf');
    for (const kind of ['images', 'thumbnails']) {
      const { status, headers } = await helper.request().get(`/nanogpt-image/${kind}/${encodeURIComponent(id)}`);
      assert.deepEqual([status, headers['content-type']], [200, kind === 'images' ? 'image/png' : 'image/webp']);
    }
    // Others are there from the tests before: the newest of a node is announced as long as the process lives.
    const { previews } = await get('previews');
    assert.ok(!previews.some((preview: AnyMessage) => preview.id === id));
    await ask('nanogpt-image/clear-history', { accountId: 'account' });
    assert.deepEqual((await get('history')).items, []);
    assert.equal((await helper.request().get(`/nanogpt-image/images/${encodeURIComponent(id)}`)).status, 404);
  });
});

import assert from 'node:assert/strict';
import { type ClusterNodeRed, startClusterNodeRed, waitFor } from '../helpers/cluster-fixture.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { type TestRedis, describeWithRedis, startRedis } from '../helpers/redis.js';

const account = { budget: 100, concurrency: 8, perMinute: 90 };

describeWithRedis('four Node-REDs with one account', function () {
  this.timeout(120_000);
  let redis: TestRedis;
  let service: CountingService;
  let nodeReds: ClusterNodeRed[] = [];

  before(async () => {
    [redis, service] = await Promise.all([startRedis(), startCountingService()]);
    const roles = ['ask', 'both', 'both', 'both'];
    nodeReds = await Promise.all(
      roles.map((role) => startClusterNodeRed({ redis, service, account, cluster: { replicas: 'twins', role } })),
    );
  });
  after(async () => {
    await Promise.all(nodeReds.map((each) => each.stop()));
    await Promise.all([redis?.stop(), service?.close()]);
  });

  const logs = (): string => nodeReds.map(({ nodeRed }) => nodeRed.log().slice(-3000)).join('\n-----\n');
  const delivered = (): string[] => nodeReds.flatMap((each) => each.delivered());
  const failed = (): { prompt: string; code: string; charged: string }[] => nodeReds.flatMap((each) => each.failed());

  it('deliver the result of one that was killed, where they are replicas', async () => {
    const [first] = nodeReds;
    service.delay = 1000;
    await first!.ask(['orphan']);
    await waitFor(() => service.prompts.includes('orphan'), 20_000, logs);
    await first!.kill();
    await waitFor(() => delivered().length + failed().length > 0, 60_000, logs);
    assert.deepEqual(delivered(), ['orphan'], logs());
    assert.deepEqual(service.prompts, ['orphan']);
    await first!.restart();
  });

  it('keep to the limits and the budget of all when 400 requests come at once', async () => {
    service.delay = 50;
    service.times = [];
    const before = service.charged;
    const asked = nodeReds.map((_, index) => Array.from({ length: 100 }, (__, count) => `${index}-${count}`));
    await Promise.all(nodeReds.map((each, index) => each.ask(asked[index]!)));
    await waitFor(() => delivered().length + failed().length >= 401, 90_000, logs);
    assert.equal(service.charged, account.budget);
    assert.equal(delivered().length, account.budget);
    assert.equal(failed().length, 400 - (account.budget - before));
    for (const { prompt, code, charged } of failed())
      assert.deepEqual([code, charged], ['budget_exceeded', 'no'], prompt);
    const ended = [...delivered(), ...failed().map(({ prompt }) => prompt)].filter((prompt) => prompt !== 'orphan');
    assert.deepEqual(ended.sort(), asked.flat().sort(), 'each message ends once');
    // A busy machine need not send as many at once as it may.
    assert.ok(service.mostAtOnce > 1 && service.mostAtOnce <= account.concurrency, `${service.mostAtOnce} at once`);
    for (const [index, time] of service.times.entries()) {
      const most = account.perMinute + ((time - service.times[0]!) * account.perMinute) / 60_000 + 1;
      assert.ok(index < most, `${index + 1} images within ${time - service.times[0]!} ms`);
    }
  });
});

import assert from 'node:assert/strict';
import { type ClusterNodeRed, startClusterNodeRed, waitFor } from '../helpers/cluster-fixture.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { type TestRedis, describeWithRedis, startRedis } from '../helpers/redis.js';

describeWithRedis('two Node-REDs with one account', function () {
  this.timeout(90_000);
  let redis: TestRedis;
  let service: CountingService;
  let first: ClusterNodeRed;
  let second: ClusterNodeRed;

  before(async () => {
    [redis, service] = await Promise.all([startRedis(), startCountingService({ delay: 200 })]);
    const account = { budget: 8, concurrency: 2 };
    first = await startClusterNodeRed({ redis, service, account, cluster: { replicas: 'twins', role: 'ask' } });
    second = await startClusterNodeRed({ redis, service, account, cluster: { replicas: 'twins' } });
  });
  const logs = (): string => [first, second].map(({ nodeRed }) => nodeRed.log().slice(-3000)).join('\n-----\n');
  after(async () => {
    await Promise.all([first?.stop(), second?.stop()]);
    await Promise.all([redis?.stop(), service?.close()]);
  });

  it('share the limits, and one sends what the other asks for', async () => {
    await Promise.all([first.ask(['a1', 'a2', 'a3']), second.ask(['b1', 'b2', 'b3'])]);
    await waitFor(() => first.delivered().length + second.delivered().length === 6, 30_000, logs);
    assert.deepEqual(first.delivered().sort(), ['a1', 'a2', 'a3']);
    assert.deepEqual(second.delivered().sort(), ['b1', 'b2', 'b3']);
    assert.ok(service.mostAtOnce <= 2, String(service.mostAtOnce));
  });

  it('deliver the result of one that was killed, where they are replicas', async () => {
    service.delay = 1500;
    await first.ask(['orphan']);
    await waitFor(() => service.prompts.includes('orphan'), 10_000, logs);
    await first.kill();
    await waitFor(() => second.delivered().includes('orphan') || second.failed().length > 0, 60_000, logs);
    assert.deepEqual(second.delivered().includes('orphan'), true, logs());
    assert.equal(service.prompts.filter((prompt) => prompt === 'orphan').length, 1);
  });
});

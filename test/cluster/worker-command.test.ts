import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ImageError } from '../../src/errors.js';
import { quickTiming, startInstance } from '../helpers/cluster-accounts.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { root } from '../helpers/packed.js';
import { describeWithRedis, startRedis, type TestRedis } from '../helpers/redis.js';
import { waitUntil } from '../helpers/wait-until.js';
import { startWorkerCommand } from '../helpers/worker-command.js';

/** Runs the command, which ends by itself where it cannot begin. */
function run(args: string[], env: Record<string, string>): Promise<{ code: unknown; stderr: string }> {
  const file = join(root, 'src/cluster/worker-command.ts');
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env.PATH, ...env } };
    execFile(process.execPath, ['--import', 'tsx', file, ...args], options, (error, _, stderr) =>
      resolve({ code: error?.code, stderr }),
    );
  });
}

describe('nanogpt-worker', () => {
  it('says in one line what it needs', async () => {
    const secret = { NANOGPT_CLUSTER_SECRET: 'sixteen-letters-and-more' };
    const account = ['--account', 'house'];
    const needs: [expected: string, args: string[], env: Record<string, string>][] = [
      ['Name the account: --account NAME, as in the Node-REDs.', [], secret],
      ['Set NANOGPT_CLUSTER_SECRET to the secret of the cluster.', account, {}],
      ['Set NANOGPT_API_KEY to the key of the service.', account, secret],
      ["Unknown option '--key': see nanogpt-worker --help.", ['--key', 'sk-nano-x'], secret],
    ];
    const runs = await Promise.all(needs.map(([, args, env]) => run(args, env)));
    assert.deepEqual(
      runs,
      needs.map(([expected]) => ({ code: 1, stderr: `${expected}\n` })),
    );
  });
});

describeWithRedis('nanogpt-worker in a cluster', function () {
  let redis: TestRedis;
  let service: CountingService;
  before(async () => ([redis, service] = await Promise.all([startRedis(), startCountingService({ delay: 1500 })])));
  after(() => Promise.all([redis.stop(), service.close()]));

  it('finishes what is under way on SIGTERM, takes no more, and never tells its key', async () => {
    const secret = 'a secret of the tests';
    const key = 'sk-nano-of-the-worker';
    const args = ['--account', 'worked', '--redis', redis.url, '--prefix', 'test', '--base-url', service.url];
    const worker = startWorkerCommand(args, { NANOGPT_CLUSTER_SECRET: secret, NANOGPT_API_KEY: key });
    const exited = once(worker.child, 'exit');
    await worker.until('Sends requests');
    const asker = startInstance(redis, service.url, 'worked', {
      cluster: { role: 'ask', secret },
      settings: { concurrency: 1, service: 'nanogpt' },
      options: { timing: { ...quickTiming, alive: 10_000, noWorker: 3000 } },
    });
    const [first, second] = ['under way', 'waits'].map((prompt) =>
      asker.ask(prompt).then(
        () => 'image',
        (error: unknown) => (error instanceof ImageError ? `${error.key} ${error.charged}` : String(error)),
      ),
    );
    await waitUntil(() => service.prompts.length === 1);
    worker.child.kill('SIGTERM');
    assert.equal(await first, 'image', worker.output());
    assert.deepEqual(await exited, [0, null], worker.output());
    assert.equal(await second, 'cluster_no_worker no');
    assert.deepEqual(service.prompts, ['under way']);
    assert.doesNotMatch(worker.output(), /sk-nano|secret of the tests/);
    asker.account.close();
  });
});

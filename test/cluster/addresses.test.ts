import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImageError } from '../../src/errors.js';
import { patientTiming } from '../helpers/cluster-accounts.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { temporaryFolder } from '../helpers/packed.js';
import { describeWithSharedRedis, openSharedRedis } from '../helpers/redis.js';
import { useInstances } from '../helpers/use-instances.js';
import type { InstanceOrder } from './killed-instance.js';

describeWithSharedRedis('an answer that names the address of its image', function () {
  const folder = temporaryFolder();
  let redis: Awaited<ReturnType<typeof openSharedRedis>>;
  let service: CountingService;
  const instances = useInstances(() => ({ redis, service }), { timing: patientTiming });
  const { start } = instances;
  const processes: ChildProcess[] = [];

  before(async () => (redis = await openSharedRedis()));
  after(() => redis.stop());
  beforeEach(async () => {
    service = await startCountingService();
    service.givesAddress = () => true;
  });
  afterEach(async () => {
    for (const child of processes.splice(0)) child.kill('SIGKILL');
    await service.close();
  });

  /** A worker in a process of its own, once it is in the cluster. */
  async function startWorker(): Promise<{ child: ChildProcess; directory: string }> {
    const directory = join(folder, randomUUID());
    const order: InstanceOrder = {
      redis: redis.url,
      service: service.url,
      account: instances.name,
      directory,
      role: 'work',
    };
    const child = fork(join(__dirname, 'killed-instance.ts'), [JSON.stringify(order)], {
      execArgv: ['--import', 'tsx'],
    });
    processes.push(child);
    await once(child, 'message');
    return { child, directory };
  }

  /** Resolves when a worker asks for an image, of which it gets nothing. */
  function stallsDownload(): Promise<void> {
    return new Promise((resolve) => {
      service.onStep = (step) => {
        if (step !== 'download') return;
        service.onStep = () => undefined;
        resolve();
        return new Promise(() => undefined);
      };
    });
  }

  it('is downloaded by who asked where its worker is killed before it has the image', async () => {
    const { child, directory } = await startWorker();
    const asker = start({ cluster: { role: 'ask' }, options: { timing: { ...patientTiming, alive: 1500 } } });
    void stallsDownload().then(() => child.kill('SIGKILL'));
    const generation = await asker.ask('a fox');
    assert.deepEqual([generation.images[0]!.mime, generation.cost, generation.attempts], ['image/png', 1, 1]);
    assert.deepEqual([service.prompts.length, service.charged, service.downloads], [1, 1, 2]);
    const again = start({ cluster: { role: 'work' }, options: { storage: { directory, name: 'account' } } });
    const { day, unknown } = await again.account.spending();
    assert.deepEqual({ day, unknown }, { day: 1, unknown: 0 });
  });

  it('is downloaded into the history where who asked has died, too', async () => {
    const worker = start({ cluster: { role: 'work' } });
    const storage = { directory: join(folder, randomUUID()), name: 'account' };
    const options = { cluster: { role: 'ask' as const }, options: { storage }, settings: { history: 'disk' as const } };
    const asker = start(options);
    const asked = asker.ask('a fox').catch((error: unknown) => error);
    await stallsDownload();
    for (const { account: each } of [asker, worker]) each.close();
    assert.ok((await asked) instanceof ImageError);
    const again = start(options);
    let kept: string[] = [];
    while (kept.length === 0) {
      await sleep(20);
      kept = (await again.account.history.list({ limit: 9 })).map(({ prompt }) => prompt);
    }
    assert.deepEqual(kept, ['a fox']);
    assert.equal(service.prompts.length, 1);
  });

  it('is told to who asked where the image is gone', async () => {
    const worker = start({ cluster: { role: 'work' } });
    const asker = start({ cluster: { role: 'ask' } });
    void stallsDownload().then(() => {
      service.onStep = (step) => (step === 'download' ? Promise.reject(new Error('gone')) : undefined);
      worker.account.close();
    });
    const error = await asker.ask('a fox').catch((reason: unknown) => reason);
    assert.ok(error instanceof ImageError);
    assert.deepEqual([error.code, error.charged, error.details.urls?.length], ['download_failed', 'yes', 1]);
    assert.equal((await asker.account.spending()).day, 1);
  });

  it('is left to its worker where that lives', async () => {
    start({ cluster: { role: 'work' } });
    const asker = start({ cluster: { role: 'ask' } });
    service.onStep = (step) => (step === 'download' ? sleep(2000) : undefined);
    const generation = await asker.ask('a fox');
    assert.match(generation.images[0]!.url!, /\/made\//);
    assert.equal(service.downloads, 1);
    assert.equal((await asker.account.spending()).day, 1);
  });
});

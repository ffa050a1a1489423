import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { queueName } from '../../src/cluster/job-queue.js';
import { ImageError } from '../../src/errors.js';
import { patientTiming, type TestInstance } from '../helpers/cluster-accounts.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { describeWithSharedRedis, openSharedRedis } from '../helpers/redis.js';
import { useInstances } from '../helpers/use-instances.js';

describeWithSharedRedis('who can write to the Redis of a cluster, or shares it', function () {
  let redis: Awaited<ReturnType<typeof openSharedRedis>>;
  let service: CountingService;
  const instances = useInstances(() => ({ redis, service }), { timing: patientTiming });
  const { start } = instances;

  before(async () => (redis = await openSharedRedis()));
  after(() => redis.stop());
  beforeEach(async () => (service = await startCountingService()));
  afterEach(() => service.close());

  const key = (of: string): string => `{test:${instances.name}}:${of}`;

  /** Puts a request into the queue as an instance would. */
  async function inject(id: string, fields: Record<string, string>): Promise<void> {
    const [askedBy = ''] = await redis.client.zrange(key('alive'), '0', '0');
    const usual = {
      state: 'queued',
      // Its job is added again where a busy machine has lost it.
      ...{ created: String(Date.now() - 10_000), isKnown: '1' },
      sequence: '1',
      images: '1',
      asker: 'x',
      replicas: '',
    };
    await redis.client.hset(key(`request:${id}`), { ...usual, askedBy, ...fields });
    await redis.client.zadd(key('waiting'), '1', id);
    const queue = new Queue(queueName, { prefix: `{test:${instances.name}}`, connection: { url: redis.url } });
    await queue.add('request', {}, { jobId: id });
    await queue.close();
  }

  const ended = async (id: string): Promise<string | null> => {
    for (;;) {
      const state = await redis.client.hget(key(`request:${id}`), 'state');
      if (state !== 'queued' && state !== 'reserved') return state;
      await sleep(20);
    }
  };

  /** A request under way, its id, and what lets the service answer it. */
  async function begin(instance: TestInstance): Promise<{ id: string; end: Promise<string>; release(): void }> {
    const release = service.hold();
    const end = instance.ask('a fox').then(
      () => 'image',
      (error: unknown) => (error instanceof ImageError ? `${error.code} ${error.charged}` : String(error)),
    );
    while (service.prompts.length === 0) await sleep(10);
    const [found = ''] = await redis.client.keys(key('request:*'));
    return { id: found.split(':').at(-1)!, end, release };
  }

  for (const [what, job] of [
    ['in clear', JSON.stringify({ request: { prompt: 'paid by others', images: [], extra: {} } })],
    ['of nonsense', 'AAAA'],
    ['of 5 MB', 'A'.repeat(5_000_000)],
  ] as const) {
    it(`cannot have a job sent that it wrote: ${what}`, async () => {
      await start().ask('a fox');
      await inject('evil', { job });
      assert.equal(await ended('evil'), 'free');
      assert.deepEqual(service.prompts, ['a fox']);
    });
  }

  it('is noticed in the log, once', async () => {
    const warnings: string[] = [];
    const instance = start({ options: { onWarning: ({ key }) => void warnings.push(key) } });
    await instance.ask('a fox');
    for (const id of ['one', 'two']) {
      await inject(id, { job: 'AAAA' });
      assert.equal(await ended(id), 'free');
    }
    assert.deepEqual(warnings, ['cluster_forged']);
  });

  it('cannot have a request sent under another id', async () => {
    const { id, end, release } = await begin(start());
    await inject('copy', { job: (await redis.client.hget(key(`request:${id}`), 'job'))! });
    assert.equal(await ended('copy'), 'free');
    release();
    assert.equal(await end, 'image');
    assert.deepEqual(service.prompts, ['a fox']);
  });

  it('cannot give an image of its own to who asked', async () => {
    const { id, end } = await begin(start());
    const outcome = Buffer.from(JSON.stringify({ generation: { images: [], warnings: [] } })).toString('base64');
    await redis.client.hset(key(`request:${id}`), { state: 'answered', outcome, ended: String(Date.now()) });
    await redis.client.publish(key('events'), `ended ${id}`);
    assert.equal(await end, 'cluster_unavailable unknown');
  });

  it('cannot put one image in the place of another', async () => {
    const instance = start({ cluster: { role: 'ask' } });
    const image = { bytes: Buffer.from('the first image'), mime: 'image/png', width: 1, height: 1 };
    const other = { ...image, bytes: Buffer.from('another image') };
    const asked = [image, other].map((each) =>
      instance.account
        .generate({ prompt: 'a fox', images: [each], extra: {} }, { signal: new AbortController().signal })
        .catch((error: unknown) => error as ImageError),
    );
    let blobs: string[] = [];
    while (blobs.length < 2) blobs = await redis.client.keys(key('blob:*'));
    const [one, two] = await Promise.all(blobs.map((blob) => redis.client.getBuffer(blob)));
    await redis.client.set(blobs[0]!, two!);
    await redis.client.set(blobs[1]!, one!);
    const worker = start({ cluster: { role: 'work' } });
    await worker.account.spending();
    for (const end of await Promise.all(asked))
      assert.deepEqual(end instanceof ImageError && [end.code, end.key], ['cluster_unavailable', 'cluster_unread']);
    assert.deepEqual(service.prompts, []);
  });

  it('cannot end the process by words that no instance says', async () => {
    const instance = start();
    await instance.ask('a fox');
    for (const words of ['error boom', 'error', '', 'constructor x', 'wait', 'reserved', `slot ${'x '.repeat(10_000)}`])
      await redis.client.publish(key('events'), words);
    assert.equal((await instance.ask('a wolf')).images.length, 1);
  });

  it('cannot end the process by keys that hold something else, or jobs that cannot be read', async () => {
    const instance = start();
    await instance.ask('a fox');
    const bull = key(queueName);
    await redis.client.hset(`${bull}:broken`, { name: 'request', data: '{', opts: '[', timestamp: 'x' });
    await redis.client.lpush(`${bull}:wait`, 'broken', 'missing');
    await redis.client.zadd(`${bull}:marker`, '0', '0');
    await sleep(300);
    for (const each of await redis.client.keys(key('*'))) {
      await redis.client.del(each);
      await redis.client.set(each, 'nonsense');
    }
    await sleep(300);
    await assert.rejects(instance.ask('a wolf'), ImageError);
  });

  it('leaves jobs of another format to who knows it', async () => {
    await start().ask('a fox');
    const queue = new Queue('requests-2', { prefix: `{test:${instances.name}}`, connection: { url: redis.url } });
    await queue.add('request', { of: 'the future' }, { jobId: 'later' });
    await sleep(500);
    assert.equal(await queue.getWaitingCount(), 1);
    await queue.close();
  });

  it('cannot make the budget be forgotten by emptying Redis', async () => {
    // Nothing is sent before both have told what they spent, however busy the machine is.
    const options = { settings: { budget: 5 }, options: { timing: { ...patientTiming, block: 1000 } } };
    const both = [start(options), start(options)];
    await Promise.all(Array.from({ length: 4 }, (_, index) => both[index % 2]!.ask(`fox ${index}`)));
    await redis.forget(instances.name);
    const ends = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => both[index % 2]!.ask(`wolf ${index}`)),
    );
    assert.equal(ends.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal(service.charged, 5);
  });
});

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { StateScript } from '../../src/cluster/state-script.js';
import { namePeriods, periodsAround } from '../../src/cluster/periods.js';
import { newAccountName } from '../helpers/cluster-accounts.js';
import { describeWithSharedRedis, openSharedRedis } from '../helpers/redis.js';

type Answer = Record<string, any>;

/** An instance that calls the script itself. */
interface Caller {
  (operation: string, args?: object): Promise<Answer>;
  nonce: string;
}

describeWithSharedRedis('the state of a cluster', function () {
  let redis: Awaited<ReturnType<typeof openSharedRedis>>;
  let name = '';
  before(async () => (redis = await openSharedRedis()));
  after(() => redis.stop());

  /** A new account with so many instances, each with these limits. */
  async function startInstances(limits: object = {}, instances = 1): Promise<Caller[]> {
    name = newAccountName();
    const script = new StateScript(redis.client, `{test:${name}}`);
    return Promise.all(Array.from({ length: instances }, (_, index) => join(script, `i${index}`, limits)));
  }

  async function join(script: StateScript, nonce: string, limits: object): Promise<Caller> {
    const common = { nonce, instance: nonce, since: '2020-01-01', every: 1, alive: 60_000, grace: 0 };
    let epoch = '';
    const call = (operation: string, args: object = {}): Promise<Answer> =>
      script.run<Answer>(operation, { ...common, epoch, periods: periodsAround(Date.now(), 'UTC'), ...args });
    const said = {
      id: nonce,
      role: 'both',
      service: 'x',
      limits: { concurrency: 4, perMinute: 0, queueLimit: 1000, ...limits },
    };
    const answer = await call('heartbeat', { said, newEpoch: 'e1', block: 0 });
    epoch = answer.epoch;
    await call('contribute', { sums: {}, open: [] });
    return Object.assign(call, { nonce });
  }

  const enqueue = (call: Caller, id: string, images = 1): Promise<Answer> =>
    call('enqueue', { id, request: { images, job: 'sealed' } });
  /** With the consent of the asker, where that is the same instance. */
  const send = async (call: Caller, id: string, args: object = {}): Promise<Answer> => {
    await call('agree', { id, token: `t-${id}` });
    return call('send', { id, token: `t-${id}`, model: 'flux', images: 1, timeout: 1000, ...args });
  };
  const reserve = (call: Caller, id: string): Promise<Answer> => call('reserve', { id, token: `t-${id}` });
  const finish = (call: Caller, id: string, args: object = {}): Promise<Answer> =>
    call('finish', {
      id,
      token: `t-${id}`,
      outcome: 'answered',
      stored: 'sealed',
      amount: 0,
      notRequested: 0,
      ...args,
    });

  it('admits 400 requests at once against a budget of 100, exactly', async () => {
    const callers = await startInstances({ concurrency: 1000, budgets: { day: 100e6 } }, 4);
    const ids = Array.from({ length: 400 }, (_, index) => `r${index}`);
    const outcomes = await Promise.all(
      ids.map(async (id, index) => {
        const call = callers[index % 4]!;
        await enqueue(call, id);
        await reserve(call, id);
        return send(call, id, { price: 1e6 });
      }),
    );
    assert.equal(outcomes.filter(({ go }) => go).length, 100);
    const { exceeded } = outcomes.find(({ go }) => !go)!;
    assert.deepEqual(exceeded, { period: 'day', limit: 100e6, spent: 100e6 });
  });

  it('gives no more slots than the strictest instance has', async () => {
    const [first] = await startInstances({ concurrency: 3 });
    for (const id of ['a', 'b', 'c', 'd']) await enqueue(first!, id);
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((id) => reserve(first!, id)));
    assert.deepEqual(answers.map(({ go }) => go ?? false), [true, true, true, false]); // prettier-ignore
    assert.equal(answers[3]!.because, 'slot');
    await send(first!, 'a');
    await finish(first!, 'a');
    assert.equal((await reserve(first!, 'd')).go, true);
  });

  it('counts images a minute over all instances, and lets who waits go first', async () => {
    const [first, second] = await startInstances({ perMinute: 10, concurrency: 100 }, 2);
    await enqueue(first!, 'most', 8);
    await enqueue(first!, 'large', 5);
    await enqueue(second!, 'small', 1);
    assert.equal((await reserve(first!, 'most')).go, true);
    const large = await reserve(first!, 'large');
    assert.equal(large.because, 'rate');
    assert.ok(large.wait > 10_000 && large.wait <= 18_000, String(large.wait));
    assert.equal((await reserve(second!, 'small')).because, 'line');
  });

  it('refuses more than may wait, and takes as many more as there are free slots', async () => {
    const [call] = await startInstances({ concurrency: 1, queueLimit: 1 });
    assert.deepEqual((await enqueue(call!, 'a')).state, 'queued');
    assert.deepEqual((await enqueue(call!, 'b')).state, 'queued');
    assert.deepEqual(await enqueue(call!, 'c'), { full: 1 });
    assert.deepEqual((await enqueue(call!, 'a')).state, 'queued', 'the same again');
  });

  it('leaves no room in the queue to what waits for the dead, which is there all the same for who adopts it', async () => {
    const [first, second] = await startInstances({ concurrency: 1, queueLimit: 1 }, 2);
    const replicas = 'twins';
    for (const id of ['a', 'b']) await first!('enqueue', { id, request: { images: 1, job: 'sealed', replicas } });
    assert.deepEqual(await enqueue(second!, 'c'), { full: 1 });
    await first!('leave');
    const { orphans } = await second!('sweep', { replicas });
    assert.deepEqual(
      orphans.map(({ id }: Answer) => id),
      ['a', 'b'],
    );
    assert.deepEqual((await enqueue(second!, 'c')).state, 'queued');
    await second!('adopt', { id: 'a', token: 'adoption' });
    assert.deepEqual(await enqueue(second!, 'd'), { full: 1 });
    assert.equal((await reserve(second!, 'a')).go, true);
    assert.equal((await second!('cancel', { id: 'b' })).ended, true);
    assert.equal(await redis.client.exists(`{test:${name}}:orphans`), 0);
  });

  it('lets what waits take its room again where its asker was only slow', async () => {
    const [asker, other] = await startInstances({ concurrency: 1, queueLimit: 0 }, 2);
    await enqueue(asker!, 'a');
    await redis.client.zadd(`{test:${name}}:alive`, '0', asker!.nonce);
    await other!('sweep');
    assert.deepEqual((await enqueue(other!, 'b')).state, 'queued');
    await redis.client.zadd(`{test:${name}}:alive`, Date.now(), asker!.nonce);
    await other!('sweep');
    assert.deepEqual(await enqueue(other!, 'c'), { full: 0 });
    assert.equal((await reserve(other!, 'a')).go, true);
  });

  it('counts an hour that the clock repeats as one, for all instances, in an hour’s budget', async () => {
    const callers = await startInstances({ budgets: { hour: 1e6 } }, 2);
    /** Tries to send for 1 USD when the clocks of Berlin, put back at 01:00 UTC, are so. */
    const sendAt = async (index: number, time: string): Promise<Answer> => {
      const [call, id] = [callers[index]!, `at-${time}`];
      const names = namePeriods(Date.parse(`2026-10-25T${time}Z`), 'Europe/Berlin');
      const quarter = Math.floor(Date.now() / 900_000);
      const periods = Object.fromEntries([quarter - 1, quarter, quarter + 1].map((each) => [each, names]));
      await enqueue(call, id);
      await reserve(call, id);
      return send(call, id, { price: 1e6, periods });
    };
    assert.equal((await sendAt(0, '00:30')).go, true);
    assert.equal((await sendAt(1, '01:30')).exceeded.period, 'hour');
    assert.equal((await sendAt(1, '02:00')).go, true);
  });

  it('holds everybody up for a pause', async () => {
    const [first, second] = await startInstances({}, 2);
    await enqueue(first!, 'a');
    await first!('pause', { milliseconds: 60_000 });
    assert.equal((await reserve(second!, 'a')).because, 'pause');
    await redis.client.hset(`{test:${name}}:meta`, 'pausedUntil', Date.now() - 1);
    assert.equal((await reserve(second!, 'a')).go, true);
  });

  it('lets only one attempt send, and the same one again when its answer was lost', async () => {
    const [first, second] = await startInstances({}, 2);
    await enqueue(first!, 'a');
    await reserve(first!, 'a');
    assert.deepEqual(await second!('reserve', { id: 'a', token: 'other' }), { state: 'reserved' });
    const { now: _, ...sent } = await send(first!, 'a', { price: 1e6 });
    assert.equal(sent.go, true);
    const { now, ...again } = await send(first!, 'a', { price: 1e6 });
    assert.deepEqual(again, sent);
    assert.ok(again.deadline > now);
    assert.deepEqual(await second!('send', { id: 'a', token: 'other', model: '', images: 1, timeout: 1 }), {
      state: 'sent',
    });
    assert.deepEqual(await second!('reserve', { id: 'a', token: 'other' }), { state: 'sent' });
  });

  it('sends nothing that its asker has not agreed to', async () => {
    const [asker, worker] = await startInstances({ perMinute: 2 }, 2);
    await enqueue(asker!, 'a', 2);
    await reserve(worker!, 'a');
    assert.equal((await send(worker!, 'a')).because, 'asker', 'only the asker can agree');
    await asker!('agree', { id: 'a', token: 'of an earlier attempt' });
    assert.equal((await send(worker!, 'a')).because, 'asker');
    assert.equal((await asker!('look', { ids: ['a'] })).states.a.token, 't-a');
    await asker!('agree', { id: 'a', token: 't-a' });
    assert.equal((await send(worker!, 'a')).go, true);
    assert.ok((await asker!('look', { ids: ['a'] })).states.a.left > 0);
  });

  it('puts back what was reserved for an asker that died before it agreed', async () => {
    const [asker, worker] = await startInstances({ concurrency: 1 }, 2);
    for (const id of ['a', 'b']) await enqueue(id === 'a' ? asker! : worker!, id);
    await reserve(worker!, 'a');
    await asker!('leave');
    assert.deepEqual(await send(worker!, 'a'), { state: 'orphan' });
    assert.equal((await reserve(worker!, 'b')).go, true);
  });

  it('ends what its asker gives up, and keeps the result of what was sent from every node', async () => {
    const [call] = await startInstances();
    for (const id of ['a', 'b']) await call!('enqueue', { id, request: { images: 1, node: 'n', type: 't' } });
    await reserve(call!, 'b');
    await send(call!, 'b');
    for (const id of ['a', 'b']) await call!('disown', { id });
    assert.deepEqual(await reserve(call!, 'a'), { state: 'free' });
    await finish(call!, 'b');
    assert.equal((await call!('claim', { id: 'b' })).outcome, 'sealed');
    assert.equal(await redis.client.hget(`{test:${name}}:request:b`, 'node'), null);
  });

  it('puts back what an instance had reserved that died', async () => {
    const [first, second] = await startInstances({}, 2);
    await enqueue(second!, 'a');
    await reserve(first!, 'a');
    await first!('leave');
    assert.equal((await second!('reserve', { id: 'a', token: 'other' })).go, true);
  });

  it('sends nothing for an asker that died, until another instance adopts the request', async () => {
    const [first, second] = await startInstances({}, 2);
    await first!('enqueue', { id: 'a', request: { images: 1, replicas: 'twins', job: 'sealed' } });
    await first!('leave');
    assert.deepEqual(await reserve(second!, 'a'), { state: 'orphan' });
    assert.deepEqual((await second!('sweep', { replicas: 'others' })).orphans, {}, 'another house');
    assert.deepEqual(
      (await second!('sweep', { replicas: 'twins' })).orphans.map(({ id, state }: Answer) => [id, state]),
      [['a', 'queued']],
    );
    const adopt = (token: string): Promise<Answer> => second!('adopt', { id: 'a', token });
    assert.equal((await adopt('adoption')).go, true);
    assert.equal((await adopt('adoption')).go, true, 'the same again, since the answer was lost');
    assert.deepEqual(await adopt('another'), { state: 'taken' });
    assert.equal((await reserve(second!, 'a')).go, true);
  });

  it('puts back what a worker that lives has reserved and not sent in time', async () => {
    const [asker, worker] = await startInstances({ concurrency: 1, perMinute: 4 }, 2);
    await enqueue(asker!, 'a', 2);
    await reserve(worker!, 'a');
    await redis.client.zadd(`{test:${name}}:slots`, Date.now() - 1, 'a');
    await asker!('sweep');
    assert.equal(await redis.client.zcard(`{test:${name}}:waiting`), 1);
    assert.deepEqual(await send(worker!, 'a'), { state: 'queued' });
    assert.equal((await asker!('reserve', { id: 'a', token: 'other' })).go, true);
  });

  it('takes a result once, also where that is told again after it was delivered', async () => {
    const [call] = await startInstances();
    await enqueue(call!, 'a');
    await reserve(call!, 'a');
    await send(call!, 'a');
    const first = await finish(call!, 'a');
    for (const operation of ['claim', 'delivered']) await call!(operation, { id: 'a' });
    assert.deepEqual([first.late, (await finish(call!, 'a')).late], [undefined, undefined]);
  });

  it('calls unknown what was sent and is overdue, keeps its estimate, and corrects it by a late answer', async () => {
    const [call] = await startInstances({ budgets: { day: 10e6 } });
    await enqueue(call!, 'a');
    await reserve(call!, 'a');
    await send(call!, 'a', { price: 2e6, timeout: 10 });
    await sleep(20);
    assert.deepEqual((await call!('sweep')).unknown, ['a']);
    const day = new Date().toISOString().slice(0, 10);
    assert.equal((await call!('spending')).sums[`d:${day}`], 2e6);
    assert.equal((await call!('spending')).sums[`u:${day.slice(0, 7)}`], 1);
    assert.deepEqual(await call!('reserve', { id: 'a', token: 'other' }), { state: 'unknown' });
    assert.equal((await finish(call!, 'a', { amount: 3e6, cost: 3e6, images: 1 })).late, true);
    const { sums } = await call!('spending');
    assert.deepEqual([sums[`d:${day}`], sums[`d:${day}|flux`], sums[`u:${day.slice(0, 7)}`]], [3e6, 3e6, 0]);
  });

  it('lets one instance claim a result, and the next one when that died before it was delivered', async () => {
    const [first, second, third] = await startInstances({}, 3);
    await enqueue(first!, 'a');
    await reserve(first!, 'a');
    await send(first!, 'a');
    await finish(first!, 'a');
    assert.equal((await second!('claim', { id: 'a' })).outcome, 'sealed');
    assert.deepEqual(await third!('claim', { id: 'a' }), { state: 'claimed' });
    await second!('leave');
    assert.equal((await third!('claim', { id: 'a' })).go, true);
    assert.deepEqual(await third!('delivered', { id: 'a' }), { state: 'delivered' });
    assert.deepEqual(await first!('claim', { id: 'a' }), { state: 'delivered' });
  });

  it('ends what was not sent when it is cancelled, and tells the worker of what was', async () => {
    const [call] = await startInstances();
    for (const id of ['a', 'b']) await enqueue(call!, id);
    assert.equal((await call!('cancel', { id: 'a' })).ended, true);
    assert.deepEqual(await reserve(call!, 'a'), { state: 'free' });
    await reserve(call!, 'b');
    await send(call!, 'b');
    assert.deepEqual(await call!('cancel', { id: 'b' }), { state: 'sent' });
  });

  it('gives the tokens of an attempt back that sent nothing, and keeps its place', async () => {
    const [call] = await startInstances({ perMinute: 2, concurrency: 1 });
    await enqueue(call!, 'a', 2);
    await reserve(call!, 'a');
    assert.equal((await call!('retry', { id: 'a', token: 't-a', notRequested: 2, amount: 0 })).state, 'queued');
    assert.equal((await call!('reserve', { id: 'a', token: 'second' })).go, true);
  });

  it('sends one request of unknown price at a time, and none after one of unknown outcome', async () => {
    const [call] = await startInstances({ budgets: { day: 10e6 } });
    for (const id of ['a', 'b', 'c']) {
      await enqueue(call!, id);
      await reserve(call!, id);
    }
    assert.equal((await send(call!, 'a')).unpriced, true);
    assert.equal((await send(call!, 'b')).because, 'unpriced');
    await finish(call!, 'a', { amount: 1e6, cost: 1e6, images: 1 });
    const known = await send(call!, 'b', { timeout: 1 });
    assert.deepEqual([known.amount, known.unpriced], [1e6, undefined], 'what the first one cost is its price');
    await send(call!, 'c', { model: 'other', timeout: 1 });
    await sleep(5);
    await call!('sweep');
    await enqueue(call!, 'd');
    await reserve(call!, 'd');
    assert.ok((await send(call!, 'd', { model: 'third' })).unpricedUnknown > 0);
  });

  it('replaces the share of an instance by what its ledger says, and no other', async () => {
    const [first, second] = await startInstances({}, 2);
    await first!('contribute', { sums: { 'd:2026-11-26': 5, 'd:2026-11-25': 1 }, open: [] });
    await second!('contribute', { sums: { 'd:2026-11-26': 7 }, open: [] });
    await first!('contribute', { sums: { 'd:2026-11-26': 4 }, open: [] });
    assert.deepEqual((await first!('spending')).sums, { 'd:2026-11-26': 11, 'd:2026-11-25': 0 });
  });

  it('takes the smallest of each limit, and refuses another service under the same name', async () => {
    const [first] = await startInstances({ concurrency: 5, budgets: { day: 9, month: 5 } });
    const said = {
      id: 'z',
      role: 'ask',
      service: 'x',
      limits: { concurrency: 2, perMinute: 7, queueLimit: 3, budgets: { day: 4 } },
    };
    const { limits } = await first!('heartbeat', { nonce: 'z', said, newEpoch: 'e2', block: 0 });
    assert.deepEqual(limits, { concurrency: 2, perMinute: 7, queueLimit: 3, budgets: { day: 4, month: 5 } });
    const other = await first!('heartbeat', { nonce: 'y', said: { ...said, service: 'y' }, newEpoch: 'e2', block: 0 });
    assert.deepEqual(other.differs, { what: 'service', theirs: 'x', ours: 'y' });
  });

  it('sees two copies of an installation, of which one keeps the id, and not one process that is there twice', async () => {
    const [call] = await startInstances();
    const limits = { concurrency: 4, perMinute: 0, queueLimit: 9 };
    const beat = async (nonce: string, process: string): Promise<unknown> => {
      const said = { id: 'cloned', process, role: 'both', service: 'x', limits };
      return (await call!('heartbeat', { nonce, said, newEpoch: 'e', block: 0 })).twin;
    };
    await beat('x', 'p1');
    assert.deepEqual([await beat('y', 'p1'), await beat('x', 'p1')], [false, false]);
    assert.deepEqual([await beat('z', 'p2'), await beat('x', 'p1')], [true, false]);
  });

  it('begins a new epoch when Redis has forgotten, and sends nothing until the instances have told', async () => {
    const [call] = await startInstances();
    await redis.forget(name);
    assert.deepEqual(await enqueue(call!, 'a'), { epoch: 'gone' });
    const said = { id: 'i0', role: 'both', service: 'x', limits: { concurrency: 1, queueLimit: 9 } };
    const { epoch } = await call!('heartbeat', { said, newEpoch: 'e2', block: 60_000 });
    assert.equal(epoch, 'e2');
    const asked = (id: string): object => ({ id, epoch, token: 't', request: { images: 1 } });
    await call!('enqueue', asked('a'));
    assert.equal((await call!('reserve', asked('a'))).because, 'pause');
    await redis.client.hset(`{test:${name}}:meta`, 'blockedUntil', Date.now() - 1);
    assert.equal((await call!('reserve', asked('a'))).go, true);
  });

  it('keeps blobs up to a cap, as long as somebody uses them', async () => {
    const script = new StateScript(redis.client, `{test:${newAccountName()}}`);
    const put = (name: string, bytes: string, use: string): Promise<Answer> =>
      script.run('put', { name, most: 10, use }, Buffer.from(bytes));
    assert.deepEqual(await put('a', '123456', 'one'), { stored: true });
    assert.deepEqual(await put('a', '123456', 'other'), { stored: true });
    assert.deepEqual(await put('a', '123456', 'other'), { stored: true }, 'the same again, since the answer was lost');
    assert.deepEqual(await put('b', '12345', 'one'), { full: true });
    await script.run('drop', { names: ['a'] });
    assert.deepEqual(await put('b', '12345', 'one'), { full: true }, 'used twice');
    await script.run('drop', { names: ['a'] });
    assert.deepEqual(await put('b', '12345', 'one'), { stored: true });
  });

  it('leaves a request that has ended where it is when its worker comes back and would try again', async () => {
    const [asker, worker] = await startInstances({ concurrency: 1, queueLimit: 1 }, 2);
    await enqueue(asker!, 'a');
    await reserve(worker!, 'a');
    await asker!('agree', { id: 'a', token: 't-a' });
    await send(worker!, 'a', { timeout: 1, price: 1e6 });
    await sleep(20);
    await asker!('sweep');
    await asker!('claim', { id: 'a' });
    assert.deepEqual(await asker!('delivered', { id: 'a' }), { state: 'delivered' });
    const again = { id: 'a', token: 't-a', amount: 0, notRequested: 0, outcome: 'free' };
    assert.deepEqual(await worker!('retry', again), { state: 'delivered' });
    assert.deepEqual(await enqueue(asker!, 'b'), { state: 'queued' });
    assert.equal(Number(await redis.client.zcard(`{test:${name}}:slots`)), 0);
  });
});

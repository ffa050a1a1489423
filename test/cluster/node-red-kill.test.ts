import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { listPrompts, startInstance } from '../helpers/cluster-accounts.js';
import { type ClusterNodeRed, clusterSecret, waitFor } from '../helpers/cluster-fixture.js';
import { type ClusterProcess, startNodeRedProcess, startWorkerProcess } from '../helpers/cluster-processes.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { readLedger } from '../helpers/priced-service.js';
import { chance, seed } from '../helpers/random.js';
import { type TestRedis, describeWithRedis, startRedis } from '../helpers/redis.js';
import { type KillMoment, killMoments } from './kill-moments.js';
import { type Ends, notePlayed, type Round } from './kill-report.js';

/** How many processes are killed: three, or as many as the command line says. */
const kills = Number(process.argv.find((argument) => argument.startsWith('--kills='))?.slice('--kills='.length) ?? 3);

const account = { concurrency: 6, budget: 100_000, retries: 2 };

/** Messages that are asked for before each kill, and again while its moment does not come. */
const batch = 6;

describeWithRedis(`Node-REDs and a worker with one account, ${kills} of which are killed (seed ${seed})`, () => {
  const random = chance(seed);
  const rounds: Round[] = [];
  const restarts: Promise<void>[] = [];
  let redis: TestRedis;
  let service: CountingService;
  let processes: ClusterProcess[] = [];
  let askers: ClusterProcess[] = [];
  let workers: ClusterProcess[] = [];

  before(async function () {
    this.timeout(120_000);
    [redis, service] = await Promise.all([startRedis(), startCountingService({ delay: 80 })]);
    const start = (apiKey: string, role: string): Promise<ClusterProcess> =>
      startNodeRedProcess({ redis, service, apiKey, account, cluster: { role, replicas: 'twins' } });
    processes = await Promise.all([
      ...[start('sk-nano-both', 'both'), start('sk-nano-ask', 'ask'), start('sk-nano-work', 'work')],
      startWorkerProcess({ redis, service, apiKey: 'sk-nano-worker', account: {}, cluster: {} }),
    ]);
    const [both, ask, work, worker] = processes;
    askers = [both!, ask!];
    workers = [both!, work!, worker!];
  });

  after(async () => {
    await Promise.allSettled(restarts);
    await Promise.all(processes.map((each) => each.stop()));
    await redis?.stop();
    await service?.close();
  });

  it('send no request twice, book what was charged, and deliver or keep each image', async function () {
    this.timeout(120_000 + 15_000 * kills);
    for (let kill = 0; kill < kills; kill += 1) {
      const isFlushed = kills > 10 && kill === Math.floor(kills / 4) * 2;
      if (isFlushed) await settled();
      const round: Round = { moment: killMoments[kill % killMoments.length]!, prompts: [], isFlushed };
      rounds.push(round);
      await play(round, kill);
      // If the asker were killed as well, nothing would be left of what the worker had.
      if (isFlushed) await redis.client.flushall().then(settled);
      else if (kill % 2 === 1) await disturbRedis(Math.floor(kill / 2) % 3);
    }
    await settled();
    const twice = service.prompts.filter((prompt, index) => service.prompts.indexOf(prompt) !== index);
    assert.deepEqual(twice, [], 'requests that reached the service twice');
    const ends = await readEnds();
    for (const round of rounds) checkEnds(round, ends);
    const again = ends.delivered.filter((prompt, index) => ends.delivered.indexOf(prompt) !== index);
    assert.ok(again.length <= kills, `delivered again: ${again.join()}`);
    notePlayed({ rounds, ends, charged: service.charged, booked: await countBooked() });
  });

  /** Has messages asked for until the moment has come, and kills. */
  async function play(round: Round, kill: number): Promise<void> {
    const { moment } = round;
    const asker = askers[Math.floor(kill / 2) % askers.length]!;
    const target = moment.killed === 'asker' ? asker : random.one(workers.filter((each) => each !== asker));
    await waitFor(() => asker.isReady && target.isReady && workers.some(({ isReady }) => isReady), 60_000);
    service.givesAddress = (prompt) => moment.givesAddress === true && round.prompts.includes(prompt);
    const killed = arm(moment, { asker, target, round }).then((prompt) => {
      restarts.push(target.killAndRestart());
      round.hit = prompt;
      return true;
    });
    for (const end = Date.now() + 30_000; ;) {
      const prompts = Array.from({ length: batch }, (_, index) => `${kill}-${round.prompts.length + index}`);
      round.prompts.push(...prompts);
      // Who is killed does not answer.
      asker.nodeRed!.ask(prompts).catch(() => undefined);
      if (await Promise.race([killed, sleep(1500, false)])) break;
      assert.ok(Date.now() < end, `it never came that it ${moment.moment}`);
    }
    disarm();
    await sleep(random.below(20));
  }

  /** Resolves at the moment, with the prompt where that is known. */
  function arm(
    { at, killed }: KillMoment,
    { asker, target, round }: { asker: ClusterProcess; target: ClusterProcess; round: Round },
  ): Promise<string | undefined> {
    return new Promise((resolve) => {
      if ('step' in at) {
        service.onStep = (step, prompt, apiKey) => {
          const isIt = step === at.step && round.prompts.includes(prompt);
          if (isIt && (killed === 'asker' || apiKey === target.apiKey)) resolve(prompt);
        };
        return;
      }
      const { operation, by, when } = at;
      const act = (): void => resolve(undefined);
      const tapped =
        by === 'asker' ? [asker] : killed === 'worker' ? [target] : workers.filter((each) => each !== asker);
      for (const { tap } of tapped) tap.once(operation, when, act, { holds: tapped.includes(target) });
    });
  }

  function disarm(): void {
    for (const { tap } of processes) tap.clear();
    service.onStep = () => undefined;
  }

  /** Holds Redis up, starts it again, or leaves it away for a while. */
  async function disturbRedis(way: number): Promise<void> {
    if (way === 0) redis.pause();
    else await redis.kill();
    await sleep(way === 1 ? 0 : 500);
    if (way === 0) redis.resume();
    else await redis.start();
  }

  /** The requests that have not ended, without their sealed contents. */
  async function listOpen(): Promise<Record<string, string>[]> {
    const keys = await redis.client.keys('*:request:*');
    const requests = await Promise.all(keys.map((key) => redis.client.hgetall(key)));
    // Without what was asked it is known from a worker alone: Redis has forgotten it.
    return requests.filter(({ state, job }) => job !== undefined && state !== 'delivered');
  }

  /** Resolves when every request has come to its end and all processes run. */
  async function settled(): Promise<void> {
    await Promise.all(restarts.splice(0));
    let before = '';
    let open: Record<string, string>[] = [];
    for (const end = Date.now() + 60_000; Date.now() < end;) {
      await sleep(1000);
      open = await listOpen();
      const now = [
        service.prompts.length,
        ...listNodeReds().map(({ delivered, failed }) => delivered().length + failed().length),
      ].join();
      if (open.length === 0 && now === before) return;
      before = now;
    }
    const plain = open.map(({ job: _, outcome: __, answer: ___, ...fields }) => fields);
    assert.fail(
      `still open: ${JSON.stringify(plain)} ${JSON.stringify(await redis.client.hgetall('{test:home}:instances'))}`,
    );
  }

  /** One that only works delivers, too: what a dead one waited for. */
  function listNodeReds(): ClusterNodeRed[] {
    return processes.flatMap(({ nodeRed }) => nodeRed ?? []);
  }

  async function readEnds(): Promise<Ends> {
    const nodeReds = listNodeReds();
    const kept = await Promise.all(processes.map(({ storage }) => listPrompts(storage)));
    return {
      answered: new Set(service.answered),
      delivered: nodeReds.flatMap(({ delivered }) => delivered()),
      failed: nodeReds.flatMap(({ failed }) => failed()),
      kept: new Set(kept.flat()),
    };
  }

  function checkEnds({ moment, prompts, hit, isFlushed }: Round, { answered, delivered, failed, kept }: Ends): void {
    for (const prompt of prompts) {
      const times = delivered.filter((each) => each === prompt).length;
      const errors = failed.filter((each) => each.prompt === prompt);
      const what = `${prompt} (${moment.killed} killed: ${moment.moment}): ${times} times, ${JSON.stringify(errors)}`;
      const isUnknown = errors.some(({ charged }) => charged === 'unknown');
      if (answered.has(prompt)) assert.ok(times > 0 || kept.has(prompt) || isUnknown, `lost: ${what}`);
      if (answered.has(prompt))
        assert.ok(
          errors.every(({ charged }) => charged !== 'no'),
          `not free: ${what}`,
        );
      // Node-REDs are killed in every other round, perhaps between sending a message of the round before on and saying so.
      assert.ok(times + errors.length < 3, `ended more than twice: ${what}`);
      const mayVanish = moment.killed === 'asker' && !answered.has(prompt);
      assert.ok(times + errors.length > 0 || kept.has(prompt) || mayVanish, `no end: ${what}`);
      if (prompt === hit && moment.givesAddress && !isFlushed) assert.ok(times > 0, `not downloaded: ${what}`);
    }
  }

  /** What the ledgers hold is what Redis counts: all that was charged, and what was booked and never left its dead worker. */
  async function countBooked(): Promise<number> {
    const observer = startInstance(redis, service.url, 'home', {
      cluster: { role: 'ask', secret: clusterSecret },
      settings: { budget: account.budget },
    });
    const { day, unknown } = await observer.account.spending();
    observer.account.close();
    // Who only asks has none.
    const ledgers = await Promise.all(workers.map(({ storage: { directory, name } }) => readLedger(directory, name)));
    const lines = ledgers.flat();
    const free = new Set(lines.filter(({ at }) => at === 'free').map(({ id }) => id));
    const sent = lines.filter(({ at, id }) => at === 'sent' && !free.has(id)).length;
    assert.equal(day, sent, 'Redis counts what the ledgers hold');
    const never = sent - service.charged;
    assert.ok(never >= 0 && never <= unknown, `${sent} booked, ${service.charged} charged, ${unknown} unknown`);
    return sent;
  }
});

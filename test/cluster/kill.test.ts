import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Spending } from '../../src/spending/totals.js';
import { listPrompts, newAccountName } from '../helpers/cluster-accounts.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { temporaryFolder } from '../helpers/packed.js';
import { chance, seed } from '../helpers/random.js';
import { type TestRedis, describeWithRedis, startRedis } from '../helpers/redis.js';
import { waitUntil } from '../helpers/wait-until.js';
import type { End, InstanceOrder } from './killed-instance.js';

/** How many processes are killed: six, or as many as the command line says. */
const kills = Number(process.argv.find((argument) => argument.startsWith('--kills='))?.slice('--kills='.length) ?? 6);

/** Each kill waits until a request is in one of these states. */
const states = ['queued', 'reserved', 'sent', 'answered'];

const roles = ['both', 'both', 'ask'] as const;

describeWithRedis(`a cluster of processes, ${kills} of which are killed (seed ${seed})`, () => {
  const random = chance(seed);
  const folder = temporaryFolder();
  const account = newAccountName();
  const ends: End[] = [];
  let redis: TestRedis;
  let service: CountingService;
  let processes: ChildProcess[] = [];
  /** Those that are in the cluster. */
  const ready = new Set<ChildProcess>();
  let asked = 0;

  before(async function () {
    [redis, service] = await Promise.all([startRedis(), startCountingService({ delay: 60 })]);
    processes = roles.map((_, index) => start(index));
  });

  after(async () => {
    for (const child of processes) child.kill('SIGKILL');
    await redis.stop();
    await service.close();
  });

  it('sends no request twice, books what was charged, and delivers or keeps each image', async function () {
    this.timeout(60_000 + 10_000 * kills);
    for (let kill = 0; kill < kills; kill += 1) {
      await waitUntil(() => processes.filter((child) => ready.has(child)).length > 1);
      for (let count = 0; count < 6; count += 1) ask();
      await reached(states[kill % states.length]!);
      await sleep(random.below(20));
      await killOne(kill % roles.length);
      if (kill % 2 === 1) await disturbRedis(kill);
    }
    await settled();
    const twice = service.prompts.filter((prompt, index) => service.prompts.indexOf(prompt) !== index);
    assert.deepEqual(twice, [], 'requests that reached the service twice');
    await hasBooked();
    await hasAllImages();
  });

  function start(index: number): ChildProcess {
    const directory = join(folder, String(index));
    const order: InstanceOrder = { redis: redis.url, service: service.url, account, directory, role: roles[index]! };
    const child = fork(join(__dirname, 'killed-instance.ts'), [JSON.stringify(order)], {
      execArgv: ['--import', 'tsx'],
    });
    child.on('message', (message: End | Spending) => {
      if ('prompt' in message) ends.push(message);
      else ready.add(child);
    });
    return child;
  }

  function ask(): void {
    const able = processes.filter((child) => ready.has(child));
    able[random.below(able.length)]!.send({ prompt: `fox ${(asked += 1)}` });
  }

  /** Resolves when a request is in that state, or none was for two seconds. */
  async function reached(state: string): Promise<void> {
    for (const end = Date.now() + 2000; Date.now() < end; await sleep(2)) {
      if ((await listStates()).includes(state)) return;
    }
  }

  async function listStates(): Promise<(string | null)[]> {
    const keys = await redis.client.keys('*:request:*');
    return Promise.all(keys.map((key) => redis.client.hget(key, 'state')));
  }

  async function killOne(index: number): Promise<void> {
    const child = processes[index]!;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    processes[index] = start(index);
  }

  /** Holds Redis up, starts it again, or leaves it away for a while. */
  async function disturbRedis(kill: number): Promise<void> {
    const way = Math.floor(kill / 2) % 3;
    if (way === 0) redis.pause();
    else await redis.kill();
    await sleep(way === 1 ? 0 : 500);
    if (way === 0) redis.resume();
    else await redis.start();
  }

  /** Resolves when every request has come to its end. */
  async function settled(): Promise<void> {
    const ended = new Set(['delivered', null]);
    let before = '';
    for (const end = Date.now() + 50_000; Date.now() < end;) {
      await sleep(1000);
      const open = (await listStates()).filter((state) => !ended.has(state));
      const now = `${ends.length} ${service.prompts.length}`;
      if (open.length === 0 && now === before) return;
      before = now;
    }
    assert.fail(`still open: ${(await listStates()).filter((state) => !ended.has(state)).join()}`);
  }

  /** A request whose sender died before a byte of it was out is booked, too: whether it was sent is unknown. */
  async function hasBooked(): Promise<void> {
    const told = new Promise<Spending>((resolve) =>
      processes[0]!.on('message', (message: End | Spending) => 'day' in message && resolve(message)),
    );
    processes[0]!.send('spending');
    const { day, unknown } = await told;
    const never = day - service.charged;
    assert.ok(never >= 0, `${service.charged} were charged, ${day} are booked`);
    assert.ok(never <= unknown, `${day} are booked, ${service.charged} were charged, ${unknown} are unknown`);
  }

  async function hasAllImages(): Promise<void> {
    const [delivered, unknown] = [
      ends.filter(({ end }) => end === 'image').map(({ prompt }) => prompt),
      ends.filter(({ charged }) => charged === 'unknown').map(({ prompt }) => prompt),
    ];
    const kept = (
      await Promise.all(
        roles.map((_, index) => listPrompts({ directory: join(folder, String(index)), name: 'account' })),
      )
    ).flat();
    const missing = service.answered.filter((prompt) => ![...delivered, ...kept, ...unknown].includes(prompt));
    assert.deepEqual(missing, [], 'images that are nowhere');
    for (const { prompt, end, charged } of ends)
      assert.ok(end === 'image' || charged !== '', `${prompt} ended with ${end}`);
    for (const { prompt, end, charged } of ends) {
      const isFree = charged !== 'no' || !service.answered.includes(prompt);
      assert.ok(isFree, `${prompt} was charged, and ended with ${end}, said to be free`);
    }
    // Who dies between sending a message on and saying so has it sent on once more.
    const again = delivered.filter((prompt, index) => delivered.indexOf(prompt) !== index);
    assert.ok(again.length <= kills, `delivered twice: ${again.join()}`);
  }
});

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.js';
import { DiskStore } from '../../src/history/disk-store.js';
import { turn } from '../helpers/clock.js';
import { temporaryFolder } from '../helpers/packed.js';
import { chance, seed } from '../helpers/random.js';
import { makeContent } from './killed.js';

/** How often the process is killed: three times, or as often as the command line says. */
const kills = Number(process.argv.find((argument) => argument.startsWith('--kills='))?.slice('--kills='.length) ?? 3);

describe(`a history on disk, whose process is killed ${kills} times (seed ${seed})`, () => {
  it('has every image that was received but those that still waited, whole, and nothing else', async function () {
    this.timeout(20_000 + 10_000 * kills);
    const directory = join(temporaryFolder(), 'account');
    const random = chance(seed);
    const received: number[] = [];
    const lost: number[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const before = received.length;
      await keepUntilKilled(directory, received, 5 + random.below(60));
      const present = await readHistory(directory);
      const missing = received.slice(before).filter((number) => !present.has(number));
      // What is missing had waited for the disk: it is younger than all that is there, and no more than could wait.
      for (const number of missing) assert.ok(number > Math.max(...present), `a gap at ${number}`);
      assert.ok(missing.length <= 5, `${missing.length} missing`);
      lost.push(...missing);
      for (const number of received) assert.ok(present.has(number) || lost.includes(number), `${number} is gone`);
    }
  });
});

/** Starts a process that keeps images, and kills it once it has received so many. */
async function keepUntilKilled(directory: string, received: number[], count: number): Promise<void> {
  const first = (received.at(-1) ?? 0) + 1000;
  const child = fork(join(__dirname, 'killed.ts'), [directory, String(first)], { execArgv: ['--import', 'tsx'] });
  const ended = once(child, 'exit');
  child.on('message', (number: number) => {
    received.push(number);
    if (--count === 0) child.kill('SIGKILL');
  });
  assert.deepEqual(await ended, [null, 'SIGKILL']);
}

/** The numbers of the images that a new start finds; each is as it was received, and once it has tidied up there is nothing else. */
async function readHistory(directory: string): Promise<Set<number>> {
  const onFailure = (cause: unknown): void => assert.fail(String(cause));
  const store = new DiskStore({ directory, mostBytes: 1e10, clock: systemClock, onFailure });
  const items = await store.list({ limit: Infinity });
  for (const { id, requestId } of items)
    assert.deepEqual((await store.read(id))?.content, makeContent(Number(requestId)), id);
  const countFiles = async (): Promise<number> =>
    (await readdir(directory, { recursive: true })).filter((name) => name.endsWith('.png')).length;
  while ((await countFiles()) !== items.length) await turn();
  return new Set(items.map(({ requestId }) => Number(requestId)));
}

import assert from 'node:assert/strict';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/clock.js';
import { DiskStore } from '../../src/history/disk-store.js';
import { type FlowNode, type RunningNodeRed, startNodeRed } from '../helpers/node-red.js';
import { temporaryFolder } from '../helpers/packed.js';
import { chance, seed } from '../helpers/random.js';
import { png } from '../helpers/server-behaviors.js';
import { type TestService, startService } from '../helpers/service.js';

/** How often Node-RED is killed: twice, or as often as the command line says. */
const kills = Number(process.argv.find((argument) => argument.startsWith('--kills='))?.slice('--kills='.length) ?? 2);

/** Requests under way at once, whose images may come out in another order than they are written in. */
const concurrency = 4;

/** The bytes of the image with a number, of up to 1 MB. */
function makeImage(number: number): Buffer {
  const end = Buffer.alloc(4);
  end.writeUInt32BE(number);
  return Buffer.concat([png, Buffer.alloc(chance(number).below(1_000_000), `image ${number} `), end]);
}

/** A flow that asks for images without end and logs the number of each that comes out. */
function flowsFor(baseUrl: string): FlowNode[] {
  const at = { z: 'tab', x: 100, y: 100 };
  const history = { history: 'disk', historyMegabytes: 10_000 };
  const func = "node.log('delivered ' + msg.payload.readUInt32BE(msg.payload.length - 4)); return {payload: 'a fox'};";
  return [
    { id: 'tab', type: 'tab', label: 'test' },
    { id: 'account', type: 'nanogpt-config', service: 'compatible', baseUrl, concurrency, perMinute: 0, ...history },
    { id: 'press', type: 'inject', props: [{ p: 'payload' }], payload: 'a fox', payloadType: 'str', wires: [['image']], ...at }, // prettier-ignore
    { id: 'image', type: 'nanogpt-image', account: 'account', wires: [['told']], ...at },
    { id: 'told', type: 'function', func, outputs: 1, wires: [['image']], ...at },
  ];
}

describe(`a Node-RED with a history on disk, killed ${kills} times (seed ${seed})`, () => {
  let service: TestService;
  let nodeRed: RunningNodeRed | undefined;
  let answered = 0;

  before(async () => {
    const random = chance(seed);
    service = await startService(
      ({ method }, response) => {
        if (method === 'GET') return { status: 404 };
        const body = JSON.stringify({ data: [{ b64_json: makeImage(++answered).toString('base64') }] });
        setTimeout(() => response.end(body), random.below(40));
        return undefined;
      },
      { stays: true },
    );
  });

  after(async () => {
    await nodeRed?.stop('SIGKILL');
    await service.close();
  });

  it('has every image that came out but those that still waited, whole, and starts again each time', async function () {
    this.timeout(30_000 + 20_000 * kills);
    const kept = join(temporaryFolder(), 'kept');
    await mkdir(kept);
    const random = chance(seed);
    const known = new Set<number>();
    for (let kill = 0; kill < kills; kill += 1) {
      nodeRed = await startNodeRed({ flows: flowsFor(service.url) });
      await symlink(kept, join(nodeRed.userDir, 'flow-easel-nanogpt'), 'junction');
      const listed = (await (await nodeRed.get('/nanogpt-image/history')).json()) as { items: object[] };
      assert.equal(listed.items.length, Math.min(known.size, 24), 'what is there is shown after the start');
      const first = answered + 1;
      for (let count = 0; count < concurrency; count += 1) await nodeRed.post('/inject/press');
      await delivers(nodeRed, 1 + random.below(40));
      await sleep(random.below(50));
      await nodeRed.stop('SIGKILL');
      const delivered = Array.from(nodeRed.log().matchAll(/delivered (\d+)/g), ([, number]) => Number(number));
      const present = await readHistory(join(kept, 'history', 'account'));
      for (const number of known) assert.ok(present.has(number), `${number} is gone`);
      // Written in their order: what is missing had waited for the disk, however slow that was, or its file was cut and is tidied away.
      const lastKept = delivered.findLastIndex((number) => present.has(number));
      const early = delivered.slice(0, Math.max(0, lastKept - concurrency));
      assert.deepEqual(early.filter((number) => !present.has(number)), [], 'of those that came out before'); // prettier-ignore
      for (const number of present) assert.ok(known.has(number) || number >= first, `${number} is new`);
      for (const number of present) known.add(number);
    }
    assert.ok(known.size > 0, 'some are kept');
  });
});

/** Resolves when so many images have come out. */
async function delivers(nodeRed: RunningNodeRed, count: number): Promise<void> {
  for (let from = 0; count > 0; count -= 1) {
    const { index, 0: line } = await nodeRed.logged(/delivered \d+\n/, 30_000, from);
    from += index + line.length;
  }
}

/** The numbers of the images that are kept; each is as the service answered it. */
async function readHistory(directory: string): Promise<Set<number>> {
  const onFailure = (cause: unknown): void => assert.fail(String(cause));
  const store = new DiskStore({ directory, mostBytes: 1e11, clock: systemClock, onFailure });
  const numbers = new Set<number>();
  for (const { id } of await store.list({ limit: Infinity })) {
    const { content } = (await store.read(id))!;
    const number = content.readUInt32BE(content.length - 4);
    assert.ok(content.equals(makeImage(number)), `${id} is not as it was received`);
    numbers.add(number);
  }
  return numbers;
}

import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync, readdirSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { inspect } from '../../src/image/inspect.js';
import { type RunningExample, endExample, readExample, startExample, stopExample } from '../helpers/example.js';
import type { AnyMessage } from '../helpers/flow.js';
import type { FlowNode } from '../helpers/node-red.js';
import { waitUntil } from '../helpers/wait-until.js';

describe('examples that do not pay twice', () => {
  let example: RunningExample;
  afterEach(() => stopExample());

  /** Ends Node-RED once `count` images are in the history on disk, and starts it again. */
  async function restart(flow: FlowNode[], count: number): Promise<void> {
    const { folder } = example;
    await waitUntil(() => keptIn(folder) === count);
    await endExample();
    example = await startExample(flow, folder);
  }

  /** What the ledgers say of the requests: `sent`, and `paid`, `free` or `unknown` once each has ended. */
  function readLedger(): string[] {
    const { folder } = example;
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /ledger.*\.jsonl$/.test(path));
    const lines = files.flatMap((path) => readFileSync(join(folder, path), 'utf8').trim().split('\n'));
    return lines.filter((line) => line !== '').map((line) => (JSON.parse(line) as { at: string }).at);
  }

  /** How many lines the index of the history has. */
  function keptIn(folder: string): number {
    const indexes = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('index.jsonl'));
    return indexes.flatMap((path) => readFileSync(join(folder, path), 'utf8').trim().split('\n')).length;
  }

  it('11 pays for the picture of the day once, over a restart too', async () => {
    const flow = readExample('11');
    example = await startExample(flow);
    example.press('picture of the day');
    const [first] = (await example.reached('yes')) as [AnyMessage];
    assert.ok(first.generation.cost > 0);
    example.press('every morning at seven');
    await example.reached('no: from the history');
    await restart(flow, 1);
    example.press('picture of the day');
    const [again] = (await example.reached('no: from the history')) as [AnyMessage];
    assert.deepEqual([again.generation.cost, again.payload], [0, first.payload]);
    assert.equal(inspect(readFileSync(join(example.folder, 'daily.png')))?.mime, 'image/png');
    example.press('spent today?');
    const [spent] = (await example.reached('today')) as [AnyMessage];
    assert.equal(spent.payload.day, first.generation.cost);
  });

  describe('14', () => {
    const table = (...ids: string[]): AnyMessage => ({
      payload: `id,product,place\n${ids.map((id) => `${id},a red ${id},on a ${id === 'lamp' ? 'forbidden ' : ''}table\n`).join('')}`,
    });
    const flow = readExample('14');

    /** The rows of the newest table of costs, once all are there, without its head, as `id` to its cells. */
    async function costs(rows: number): Promise<Record<string, string[]>> {
      const folder = join(example.folder, 'products');
      const read = (): string[] => {
        const newest = readdirSync(folder).filter((name) => name.startsWith('costs ')).sort().at(-1); // prettier-ignore
        return newest === undefined ? [] : readFileSync(join(folder, newest), 'utf8').trim().split('\n');
      };
      await example.reached('a line', rows);
      await waitUntil(() => read().length > rows);
      const [head, ...lines] = read();
      assert.equal(head, 'id,file,cost,from_history,problem');
      return Object.fromEntries(lines.map((line) => [line.split(',')[0], line.split(',').slice(1)]));
    }

    it('makes a file of each product, and a table of what each one cost', async () => {
      example = await startExample(flow);
      example.press('go');
      const lines = await costs(3);
      assert.deepEqual(Object.keys(lines).sort(), ['bike', 'kettle', 'tent']);
      for (const [file, cost, reused, problem] of Object.values(lines)) {
        assert.equal(inspect(readFileSync(join(example.folder, file!)))?.mime, 'image/png');
        assert.deepEqual([Number(cost) > 0, reused, problem], [true, 'false', '']);
      }
    });

    it('goes on after a stop of Node-RED without paying again for what is there', async () => {
      example = await startExample(flow);
      example.press('go');
      await costs(3);
      const addLamp = (node: FlowNode): FlowNode => ({ ...node, template: `${String(node.template)}lamp,a lamp,on a desk\n` });
      await restart(flow.map((node) => (node.name === 'the table' ? addLamp(node) : node)), 3); // prettier-ignore
      example.press('go');
      const { lamp, ...others } = await costs(4);
      assert.deepEqual([Number(lamp![1]) > 0, lamp![2]], [true, 'false']);
      for (const [, cost, reused] of Object.values(others)) assert.deepEqual([cost, reused], ['0', 'true']);
    });

    /** The example with other settings of its account and of its image node. */
    const changed = (account: object, image: object = {}): FlowNode[] =>
      flow.map((node) => ({ ...node, ...(node.type === 'nanogpt-config' ? account : node.type === 'nanogpt-image' ? image : {}) }));

    it('stops, says so in the table, and when it goes on pays only for what is missing', async () => {
      example = await startExample(changed({ perMinute: 1 }));
      example.press('go');
      await example.reached('a line');
      example.press('stop');
      const stopped = await costs(3);
      assert.deepEqual([stopped.tent, stopped.bike], Array(2).fill(['', '0', 'false', 'cancelled']));
      await restart(flow, 1);
      example.press('go');
      const { kettle, ...others } = await costs(3);
      assert.deepEqual([kettle![1], kettle![2]], ['0', 'true']);
      for (const [, cost, reused, problem] of Object.values(others)) assert.deepEqual([Number(cost) > 0, reused, problem], [true, 'false', '']);
      assert.deepEqual(readLedger().filter((at) => at !== 'sent'), Array(3).fill('paid')); // prettier-ignore
    });

    it('says of a request that is stopped under way that it may have been charged', async () => {
      example = await startExample(changed({ concurrency: 1 }, { model: 'sandbox/slow' }));
      const received = receivedGeneration();
      example.press('go');
      // The model takes 10 s.
      await received;
      example.press('stop');
      const { kettle, ...others } = await costs(3);
      assert.deepEqual(kettle, ['', '', 'false', '"cancelled', ' charged: unknown"']);
      for (const line of Object.values(others)) assert.deepEqual(line, ['', '0', 'false', 'cancelled']);
    });

    it('says in the table what failed, and what that cost', async () => {
      example = await startExample(flow);
      example.put('rows', table('lamp'));
      assert.deepEqual((await costs(1)).lamp, ['', '0', 'false', 'moderated']);
    });
  });
});

/** Resolves once a server of this process, which the built-in service is too, has received a request for images. */
function receivedGeneration(): Promise<void> {
  const channel = 'http.server.request.start';
  return new Promise((resolve) => {
    const look = (message: unknown): void => {
      if (!(message as { request: IncomingMessage }).request.url?.endsWith('/images/generations')) return;
      unsubscribe(channel, look);
      resolve();
    };
    subscribe(channel, look);
  });
}

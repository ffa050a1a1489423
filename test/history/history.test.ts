import assert from 'node:assert/strict';
import type { GeneratedImage, Generation, GenerationRequest } from '../../src/generation.js';
import type { HistoryItem } from '../../src/history/history-item.js';
import { History, type HistorySettings } from '../../src/history/history.js';
import { type TestClock, testClock } from '../helpers/clock.js';

const settings: HistorySettings = { history: 'memory', historyMegabytes: 500 };
const request: GenerationRequest = { prompt: 'A fox, at night!', images: [], extra: {}, size: '6x4', seed: 7 };

function image(content: string | Buffer = 'an image'): GeneratedImage {
  return { bytes: Buffer.from(content), mime: 'image/png', extension: 'png', width: 6, height: 4 };
}

function generation(images: GeneratedImage[], changes: Partial<Generation> = {}): Generation {
  return { images, received: images.length, attempts: 1, durationMs: 5, warnings: [], ...changes };
}

describe('a history', () => {
  let clock: TestClock;
  let history: History;

  beforeEach(() => {
    clock = testClock({ start: new Date(2026, 10, 20, 12, 30).getTime() });
    history = new History(settings, { clock });
  });

  const record = (images = [image()], changes: Partial<Generation> = {}, digest = 'same'): void =>
    void history.record(request, generation(images, changes), { nodeId: 'node', digest });

  it('says of an image where it comes from and what its share of the cost is', async () => {
    record([image('one'), image('two')], { cost: 0.04, currency: 'USD', model: 'hidream' });
    const [second, first] = await history.list({ limit: 10 });
    const { id, requestId, ...rest } = first!;
    assert.deepEqual(rest, {
      time: clock.now(),
      nodeId: 'node',
      prompt: 'A fox, at night!',
      model: 'hidream',
      mode: 'text-to-image',
      size: '6x4',
      seed: 7,
      cost: 0.02,
      currency: 'USD',
      bytes: 3,
      mime: 'image/png',
      extension: 'png',
      width: 6,
      height: 4,
      filename: 'a-fox-at-night-20261120-123000-1.png',
      index: 0,
      count: 2,
      digest: 'same',
      durationMs: 5,
    });
    assert.notEqual(id, second?.id);
    assert.equal(requestId, second?.requestId);
  });

  it('keeps an image as it was received, though the flow changes its own', async () => {
    const own = image('as received');
    record([own]);
    own.bytes.fill(0);
    const [item] = await history.list({ limit: 1 });
    assert.equal((await history.get(item!.id))?.bytes.toString(), 'as received');
    assert.equal(await history.get('gone'), undefined);
  });

  it('notes the service, since an account may be deleted before its images are looked at', async () => {
    await history.record(request, generation([image()]), { service: 'sandbox' });
    assert.equal((await history.list({ limit: 1 }))[0]?.service, 'sandbox');
  });

  it('is not on disk where there is no place for it', () => {
    const settings: HistorySettings = { history: 'disk', historyMegabytes: 500, historyDays: 3 };
    const withoutPlace = new History(settings, { clock, openDisk: () => undefined });
    assert.deepEqual([withoutPlace.isOn, withoutPlace.isOnDisk, withoutPlace.mostDays], [true, false, undefined]);
  });

  it('lists the newest first, a page at a time', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) record([image(name)]);
    const names = async (limit: number, before?: string): Promise<string[]> => {
      const items = await history.list({ limit, ...(before !== undefined && { before }) });
      return Promise.all(items.map(async ({ id }) => String((await history.get(id))?.bytes)));
    };
    assert.deepEqual(await names(2), ['e', 'd']);
    const page = await history.list({ limit: 2 });
    assert.deepEqual(await history.describe(page[1]!.id), page[1]);
    assert.deepEqual(await names(2, page[1]?.id), ['c', 'b']);
    assert.deepEqual(await names(5, 'gone'), []);
  });

  it('holds 40 images in memory, of 16 MB together', async () => {
    for (let count = 0; count < 50; count++) record();
    assert.equal((await history.list({ limit: 100 })).length, 40);
    for (let count = 0; count < 5; count++) record([image(Buffer.alloc(5_000_000))]);
    const sizes = (await history.list({ limit: 100 })).map(({ bytes }) => bytes);
    assert.deepEqual(sizes, [5_000_000, 5_000_000, 5_000_000]);
  });

  it('keeps nothing where it is off, and forgets what it has when it is turned off', async () => {
    record();
    history.configure({ ...settings, history: 'off' });
    record();
    assert.deepEqual([await history.list({ limit: 10 }), history.isOn], [[], false]);
    history.configure(settings);
    assert.deepEqual(await history.list({ limit: 10 }), []);
  });

  it('keeps the last image of each node to be looked at where it is off, of at most 2 MB', async () => {
    history.configure({ ...settings, history: 'off' });
    const keep = (bytes: Buffer, nodeId: string): Promise<HistoryItem | undefined> =>
      history.record(request, generation([image(bytes)]), { nodeId, keepsLast: true });
    const [first, second] = [await keep(Buffer.from('first'), 'node'), await keep(Buffer.from('second'), 'node')];
    assert.equal(await history.describe(first!.id), undefined);
    assert.deepEqual([(await history.get(second!.id))?.bytes.toString(), await history.list({ limit: 9 })], ['second', []]); // prettier-ignore
    assert.equal(await keep(Buffer.alloc(2_000_001), 'node'), undefined);
    assert.equal(await history.describe(second!.id), undefined);
    const many: (HistoryItem | undefined)[] = [];
    for (let node = 0; node < 9; node++) many.push(await keep(Buffer.alloc(2_000_000), String(node)));
    assert.equal(await history.describe(many[0]!.id), undefined, '16 MB together');
    assert.deepEqual(await history.describe(many[1]!.id), many[1]);
    await history.clear();
    assert.equal(await history.describe(many[8]!.id), undefined);
  });

  it('reports each change until the listener is removed', async () => {
    let changes = 0;
    const stop = history.onChange(() => (changes += 1));
    record();
    await history.clear();
    assert.deepEqual([changes, await history.list({ limit: 1 })], [2, []]);
    stop();
    record();
    assert.equal(changes, 2);
  });

  it('finds all images of the newest request of the same digest', async () => {
    record([image('older')]);
    record([image('one'), image('two')]);
    record([image('other')], {}, 'other');
    const found = await history.find('same', 1000);
    assert.deepEqual(
      found?.images.map(({ bytes }) => bytes.toString()),
      ['one', 'two'],
    );
    assert.equal(found?.first.index, 0);
    await clock.advance(1001);
    assert.equal(await history.find('same', 1000), undefined);
  });
});

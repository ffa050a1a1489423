import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, readFile, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DiskStore } from '../../src/history/disk-store.js';
import { HistoryFolder } from '../../src/history/history-folder.js';
import type { HistoryImage } from '../../src/history/history-item.js';
import { tidyFolder } from '../../src/history/tidy-folder.js';
import { type TestClock, testClock, turn } from '../helpers/clock.js';
import { temporaryFolder } from '../helpers/packed.js';

const day = 24 * 3600_000;
const start = new Date(2026, 10, 20, 12, 30).getTime();

describe('a history on disk', () => {
  let folder: string;
  let count = 0;
  let directory: string;
  let clock: TestClock;
  let failures: string[];
  let store: DiskStore;

  before(() => {
    folder = temporaryFolder();
  });

  beforeEach(() => {
    directory = join(folder, String(++count), 'account');
    clock = testClock({ start });
    failures = [];
    store = open();
  });

  /** On the same directory: as after a restart. */
  function open(changes: { mostBytes?: number; mostDays?: number } = {}): DiskStore {
    return new DiskStore({
      directory,
      mostBytes: 1e9,
      clock,
      onFailure: (cause) => failures.push(String(cause)),
      ...changes,
    });
  }

  let requests = 0;
  function images(contents: (string | Buffer)[], changes: Partial<HistoryImage> = {}): HistoryImage[] {
    const requestId = `request-${++requests}`;
    return contents.map((content, index) => ({
      ...{
        time: clock.now(),
        prompt: 'a "fox"\n',
        mode: 'text-to-image' as const,
        requestId,
        index,
        count: contents.length,
      },
      ...{ bytes: Buffer.from(content).length, mime: 'image/png', extension: 'png', width: 6, height: 4 },
      filename: 'a-fox-20261120-123000.png',
      content: Buffer.from(content),
      ...changes,
    }));
  }

  const keep = (...contents: (string | Buffer)[]): void => void store.add(images(contents));
  const listed = async (from = store, limit = 100, before?: string): Promise<string[]> => {
    const items = await from.list({ limit, ...(before !== undefined && { before }) });
    return Promise.all(items.map(async ({ id }) => String((await from.read(id))?.content)));
  };

  it('keeps an image of unknown type and size', async () => {
    const [image] = images(['unknown']);
    const { width: _, height: __, ...unknown } = image!;
    void store.add([unknown]);
    assert.deepEqual(await listed(), ['unknown']);
  });

  it('is plain files in a folder a day, with an index', async () => {
    keep('one', 'two');
    await store.list({ limit: 1 });
    const today = join(directory, '2026-11-20');
    assert.deepEqual((await readdir(today)).sort(), [
      'a-fox-20261120-123000-2.png',
      'a-fox-20261120-123000.png',
      'index.jsonl',
    ]);
    assert.equal(await readFile(join(today, 'a-fox-20261120-123000.png'), 'utf8'), 'one');
    const [line] = (await readFile(join(today, 'index.jsonl'), 'utf8')).split('\n');
    const { id, sha256, v } = JSON.parse(line ?? '') as Record<string, unknown>;
    assert.deepEqual([v, id], [1, '2026-11-20/a-fox-20261120-123000.png']);
    assert.match(String(sha256), /^[\da-f]{64}$/);
    assert.equal((await stat(join(today, 'index.jsonl'))).mode & 0o077, 0);
  });

  it('lists the newest first over days and restarts, a page at a time', async () => {
    for (const name of ['a', 'b', 'c']) keep(name);
    await clock.advance(day);
    for (const name of ['d', 'e']) keep(name);
    assert.deepEqual(await listed(), ['e', 'd', 'c', 'b', 'a']);
    const next = open();
    const [, , third] = await next.list({ limit: 3 });
    assert.deepEqual(await listed(next, 2, third?.id), ['b', 'a']);
    assert.equal(await next.read('2026-11-20/gone.png'), undefined);
    assert.equal(await next.read('../../../etc/passwd'), undefined);
  });

  it('tells when the first image of a request is kept, and what is known of it', async () => {
    const first = await store.add(images(['one', 'two']));
    assert.deepEqual([first?.id, first?.index], ['2026-11-20/a-fox-20261120-123000.png', 0]);
    assert.deepEqual(await store.describe(first!.id), first);
    await rm(join(directory, first!.id));
    assert.equal(await store.describe(first!.id), undefined);
  });

  it('lists only what the search finds in the prompts', async () => {
    for (const prompt of ['A fox', 'a zebra', 'two FOXES']) void store.add(images([prompt], { prompt }));
    const found = await store.list({ limit: 2, search: 'fox' });
    assert.deepEqual(
      found.map(({ prompt }) => prompt),
      ['two FOXES', 'A fox'],
    );
  });

  it('finds the newest whole request of a digest', async () => {
    void store.add(images(['old'], { digest: 'same' }));
    void store.add(images(['one', 'two'], { digest: 'same' }));
    void store.add(images(['other'], { digest: 'other', prompt: '"digest":"same"' }));
    const items = await store.find('same', start);
    assert.deepEqual(
      items.map(({ index, bytes }) => [index, bytes]),
      [
        [0, 3],
        [1, 3],
      ],
    );
    assert.deepEqual(await store.find('same', start + 1), []);
    assert.deepEqual(await store.find('none', 0), []);
  });

  it('removes the oldest days first, then the oldest images of the last one', async () => {
    store = open({ mostBytes: 30 });
    for (let age = 0; age < 4; age++) {
      keep('ten bytes.');
      assert.equal((await listed()).length, Math.min(age + 1, 3));
      await clock.advance(day);
    }
    assert.deepEqual(await readdir(directory), ['2026-11-21', '2026-11-22', '2026-11-23']);
    for (let number = 0; number < 5; number++) keep(`ten byte ${number}`);
    assert.deepEqual(await listed(), ['ten byte 4', 'ten byte 3', 'ten byte 2']);
    await clock.advance(3 * day);
    store = open({ mostDays: 2 });
    keep('new');
    assert.deepEqual(await listed(), ['new']);
  });

  it('lists nothing that is cut or gone, and tidies what a crash has left', async () => {
    keep('whole', 'cut here', 'gone');
    await store.list({ limit: 1 });
    const today = join(directory, '2026-11-20');
    await truncate(join(today, 'a-fox-20261120-123000-2.png'), 3);
    await unlink(join(today, 'a-fox-20261120-123000-3.png'));
    await writeFile(join(today, 'orphan-20261120-123000.png'), 'an orphan');
    await writeFile(join(today, 'notes.txt'), 'of the user');
    await appendFile(join(today, 'index.jsonl'), '{"v":1,"id":"2026-11-20/torn');
    store = open();
    assert.deepEqual(await listed(), ['whole']);
    const left = ['a-fox-20261120-123000.png', 'index.jsonl', 'notes.txt'];
    while ((await readdir(today)).length > left.length) await turn();
    assert.deepEqual((await readdir(today)).sort(), left);
    keep('next');
    assert.deepEqual(await listed(), ['next', 'whole']);
  });

  it('tidies no file that is still written', async () => {
    await store.add(images(Array.from({ length: 12 }, () => Buffer.alloc(4_000_000))));
    let isWritten = false;
    const written = store.list({ limit: 100 }).finally(() => (isWritten = true));
    while (!isWritten) await tidyFolder(new HistoryFolder(directory));
    assert.equal((await written).length, 12);
  });

  it('stops with one warning where the disk takes nothing', async () => {
    await mkdir(join(directory, '..'), { recursive: true });
    await writeFile(directory, 'a file where the folder should be');
    for (let number = 0; number < 3; number++) keep('lost');
    assert.deepEqual(await listed(), []);
    keep('lost');
    assert.equal(failures.length, 1);
  });

  it('writes what comes while it tidies up after a write, without waiting for the next image', async () => {
    for (const name of ['a', 'b', 'c']) await store.add(images([name]));
    assert.deepEqual(await listed(), ['c', 'b', 'a']);
  });

  it('keeps what waits for a slow disk when it takes no more', async () => {
    const waiting = store.add(images(['waiting'], { bytes: 127_999_999 }));
    assert.equal(await store.add(images(['too much'])), undefined);
    assert.equal((await waiting)?.index, 0);
    assert.deepEqual(failures, ['Error: the disk is too slow']);
  });

  for (const what of ['is missing', 'cannot be read']) {
    it(`deletes no image of a day whose index ${what}`, async () => {
      await store.add(images(['paid for']));
      await store.add(images(['next day'], { time: start + day }));
      const [today, tomorrow] = ['2026-11-20', '2026-11-21'].map((name) => join(directory, name));
      await rm(join(today!, 'index.jsonl'));
      if (what !== 'is missing') await mkdir(join(today!, 'index.jsonl'));
      const orphan = 'orphan-20261121-123000.png';
      await writeFile(join(tomorrow!, orphan), 'in no index');
      assert.deepEqual(await listed(open()), ['next day']);
      while ((await readdir(tomorrow!)).includes(orphan)) await turn();
      assert.equal(await readFile(join(today!, 'a-fox-20261120-123000.png'), 'utf8'), 'paid for');
    });
  }

  it('keeps what comes while all images are deleted, also from another store on the same folder', async () => {
    for (let number = 0; number < 20; number++) keep('old');
    await store.list({ limit: 1 });
    const cleared = store.clear();
    await turn();
    const kept = [store, open(), store].map((each, number) => each.add(images([`new ${number}`])));
    await Promise.all([cleared, ...kept]);
    assert.deepEqual((await listed()).sort(), ['new 0', 'new 1', 'new 2']);
    assert.deepEqual(failures, []);
  });

  it('deletes all images, and goes on recording', async () => {
    keep('old');
    await store.clear();
    assert.deepEqual([await listed(), await readdir(directory)], [[], []]);
    keep('new');
    assert.deepEqual(await listed(), ['new']);
  });

  it('gives the first page of 10,000 images in 200 ms', async () => {
    const today = join(directory, '2026-11-20');
    await mkdir(today, { recursive: true });
    const lines: string[] = [];
    for (let number = 0; number < 10_000; number++) {
      const [{ content: _, ...item } = {} as HistoryImage] = images(['x'], {
        filename: `fox-20261120-123000-${number}.png`,
      });
      lines.push(`${JSON.stringify({ v: 1, id: `2026-11-20/${item.filename}`, ...item, sha256: 'a'.repeat(64) })}\n`);
    }
    await writeFile(join(today, 'index.jsonl'), lines.join(''));
    for (let number = 9950; number < 10_000; number++)
      await writeFile(join(today, `fox-20261120-123000-${number}.png`), 'x');
    // The least of five: other programs take their share of the machine.
    let least = Infinity;
    for (let count = 0; count < 5; count++) {
      store = open();
      const started = performance.now();
      const page = await store.list({ limit: 40 });
      least = Math.min(least, performance.now() - started);
      assert.equal(page[0]?.filename, 'fox-20261120-123000-9999.png');
      assert.equal(page.length, 40);
    }
    assert.ok(least < 200, `${least} ms`);
  });
});

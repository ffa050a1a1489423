import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ModelList } from '../../../src/api/models/model-list.js';
import type { ImageError } from '../../../src/errors.js';
import { type TestClock, testClock, turn } from '../../helpers/clock.js';
import { temporaryFolder } from '../../helpers/packed.js';

const { signal } = new AbortController();
const hour = 3600_000;
const wanted = {};

function makeList(price: number): unknown[] {
  return [{ id: 'hidream', pricing: { per_image: { '1024*1024': price }, currency: 'USD' } }];
}

let count = 0;

describe('the model list', () => {
  let folder: string;
  let clock: TestClock;
  let file: string;
  /** How often the service was asked. */
  let asked: number;
  let answer: (signal: AbortSignal) => Promise<unknown[]>;

  before(() => {
    folder = temporaryFolder();
  });

  beforeEach(() => {
    clock = testClock();
    file = join(folder, String(++count), 'account.json');
    asked = 0;
    answer = () => Promise.resolve(makeList(0.01));
  });

  const open = (source = 'https://nano-gpt.com'): ModelList =>
    new ModelList({
      source,
      file,
      clock,
      fetchList(question) {
        asked += 1;
        return answer(question);
      },
    });
  const priceIn = async (modelList: ModelList, model = 'hidream'): Promise<number | undefined> =>
    (await modelList.findPrice(model, wanted, signal)).price?.amount;
  const offline = (): Promise<never> => Promise.reject(new Error('no network'));

  it('does not ask before the list is needed', async () => {
    open();
    await turn();
    assert.equal(asked, 0);
  });

  it('asks once a day', async () => {
    const modelList = open();
    for (const wait of [0, 0, 23 * hour]) {
      await clock.advance(wait);
      assert.equal(await priceIn(modelList), 0.01);
    }
    assert.equal(asked, 1);
    answer = () => Promise.resolve(makeList(0.02));
    await clock.advance(hour);
    assert.equal(await priceIn(modelList), 0.02);
    assert.equal(asked, 2);
  });

  it('asks once for all who need it at the same time', async () => {
    const modelList = open();
    assert.deepEqual(
      await Promise.all(Array.from({ length: 64 }, () => priceIn(modelList))),
      Array.from({ length: 64 }, () => 0.01),
    );
    assert.equal(asked, 1);
  });

  it('keeps the list over a restart, with its date', async () => {
    await priceIn(open());
    assert.equal((JSON.parse(await readFile(file, 'utf8')) as { asOf: number }).asOf, clock.now());
    assert.equal(await priceIn(open()), 0.01);
    assert.equal(asked, 1);
    await clock.advance(25 * hour);
    await priceIn(open());
    assert.equal(asked, 2);
  });

  it('keeps the last good list, however old, while the service does not answer', async () => {
    await priceIn(open());
    await clock.advance(40 * 24 * hour);
    answer = offline;
    assert.equal(await priceIn(open()), 0.01);
  });

  it('keeps the last good list where the answer is empty', async () => {
    await priceIn(open());
    await clock.advance(25 * hour);
    answer = () => Promise.resolve([{ error: 'maintenance' }]);
    const modelList = open();
    assert.equal(await priceIn(modelList), 0.01);
    assert.equal(await priceIn(open()), 0.01);
  });

  it('does not ask again with every request while the service does not answer', async () => {
    answer = offline;
    const modelList = open();
    for (let count = 0; count < 10; count++) assert.equal(await priceIn(modelList), undefined);
    assert.equal(asked, 1);
    answer = () => Promise.resolve(makeList(0.01));
    await clock.advance(10 * 60_000);
    assert.equal(await priceIn(modelList), 0.01);
  });

  it('does not hold up a request for long where the service never answers', async () => {
    answer = (question) =>
      new Promise((_, reject) => question.addEventListener('abort', () => reject(question.reason as Error)));
    const price = priceIn(open());
    await until(() => asked === 1);
    await clock.advance(20_000);
    assert.equal(await price, undefined);
  });

  it('ends a request that is cancelled while it waits for its price', async () => {
    answer = () => new Promise(() => undefined);
    const cancelled = new AbortController();
    const price = open().findPrice('hidream', wanted, cancelled.signal);
    await until(() => asked === 1);
    cancelled.abort(new Error('cancelled'));
    await assert.rejects(price, /cancelled/);
  });

  it('does not use the list of another address', async () => {
    await priceIn(open());
    answer = offline;
    assert.equal(await priceIn(open('http://192.168.1.20:8080')), undefined);
  });

  it('does not treat a list with a date in the future as fresh', async () => {
    await priceIn(open());
    clock = testClock({ start: clock.now() - 48 * hour });
    await priceIn(open());
    assert.equal(asked, 2);
  });

  for (const [what, text] of Object.entries({
    torn: '{"asOf":1767225600000,"source":"https://nano-gpt.com","body":{"da',
    empty: '',
    'of another kind': '[1, 2]',
  })) {
    it(`asks where the list on disk is ${what}`, async () => {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
      assert.equal(await priceIn(open()), 0.01);
    });
  }

  it('works without a disk', async () => {
    file = join(folder, 'not-a-folder');
    await writeFile(file, '');
    file = join(file, 'account.json');
    const modelList = open();
    assert.equal(await priceIn(modelList), 0.01);
    assert.equal(await priceIn(modelList), 0.01);
    assert.equal(asked, 1);
  });

  describe('where instances share it', () => {
    const source = 'https://nano-gpt.com';
    const start = testClock().now();
    const list = { asOf: start, source, entries: makeList(0.05) };
    for (const [what, offered, price] of [
      ['takes the list of another one', list, 0.05],
      ['takes one of a clock that is ahead', { ...list, asOf: start + hour }, 0.05],
      ['asks where there is none', undefined, 0.01],
      ['asks where it is a day old', { ...list, asOf: start - 25 * hour }, 0.01],
      ['asks where it comes from another address', { ...list, source: 'https://elsewhere.example' }, 0.01],
      ['asks where it is no list', { ...list, entries: 'hidream' }, 0.01],
    ] as const)
      it(what, async () => {
        const offers: object[] = [];
        const shared = {
          take: () => Promise.resolve(offered),
          offer: (own: object) => Promise.resolve(void offers.push(own)),
        };
        const fetchList = (question: AbortSignal): Promise<unknown[]> => answer(question);
        assert.equal(await priceIn(new ModelList({ source, clock, fetchList, shared })), price);
        assert.equal(offers.length, price === 0.05 ? 0 : 1);
      });
  });

  describe('with a page for each model', () => {
    const path = '/api/v1/images/models/hidream/endpoints';
    const rows = [{ billable: 'output_image', unit: 'image', cost_usd: 0.03, resolution: '1024x1024' }];
    let pages: string[];
    let answerPage: () => Promise<unknown>;

    beforeEach(() => {
      pages = [];
      answerPage = () => Promise.resolve({ endpoints: [{ pricing: rows }] });
      answer = () => Promise.resolve([{ ...(makeList(0.01)[0] as object), endpoints: path }]);
    });

    const openPaged = (): ModelList =>
      new ModelList({
        source: 'https://nano-gpt.com',
        clock,
        fetchList: (question) => answer(question),
        fetchDetails(page) {
          pages.push(page);
          return answerPage();
        },
      });

    it('asks once a day for the price that stands there', async () => {
      const modelList = openPaged();
      for (let count = 0; count < 3; count++) assert.equal(await priceIn(modelList), 0.03);
      assert.deepEqual(pages, [path]);
      await clock.advance(25 * hour);
      await priceIn(modelList);
      assert.equal(pages.length, 2);
    });

    it('goes by the list where the page does not come, and asks again after a pause', async () => {
      answerPage = offline;
      const modelList = openPaged();
      for (let count = 0; count < 3; count++) assert.equal(await priceIn(modelList), 0.01);
      assert.equal(pages.length, 1);
      await clock.advance(10 * 60_000);
      await priceIn(modelList);
      assert.equal(pages.length, 2);
    });

    for (const address of ['https://elsewhere.example/x', '//elsewhere.example/x', '/a?b=c', 7])
      it(`asks for none at ${address}`, async () => {
        answer = () => Promise.resolve([{ ...(makeList(0.01)[0] as object), endpoints: address }]);
        assert.equal(await priceIn(openPaged()), 0.01);
        assert.equal(pages.length, 0);
      });
  });

  it('knows no price of a model that is not listed', async () => {
    assert.equal(await priceIn(open(), 'unheard-of'), undefined);
  });

  it('finds a price among 200 models', async () => {
    const data = Array.from({ length: 200 }, (_, index) => ({
      id: `model-${index}`,
      pricing: { per_image: index / 1000 },
    }));
    answer = () => Promise.resolve(data);
    assert.equal(await priceIn(open(), 'model-199'), 0.199);
  });

  it('gives the models as they are listed now, and says where they cannot be had', async () => {
    const modelList = open();
    assert.deepEqual(
      (await modelList.models(signal)).map(({ id, price }) => [id, price]),
      [['hidream', 0.01]],
    );
    answer = offline;
    await assert.rejects(modelList.models(signal), /no network/);
  });
  describe('for a user who chooses a model', () => {
    const ids = async (modelList: ModelList): Promise<string[]> =>
      (await modelList.newest(signal)).models.map(({ id }) => id);

    it('gives the models, and asks once a day', async () => {
      const modelList = open();
      for (const wait of [0, 0, 23 * hour]) {
        await clock.advance(wait);
        assert.deepEqual(await ids(modelList), ['hidream']);
      }
      assert.equal(asked, 1);
      assert.deepEqual(await ids(open()), ['hidream']);
      assert.equal(asked, 1);
    });

    it('gives the last good list while the service does not answer, says why it is not new, and asks each time', async () => {
      await priceIn(open());
      await clock.advance(25 * hour);
      answer = offline;
      const modelList = open();
      for (let count = 0; count < 2; count++) {
        const { models, failure } = await modelList.newest(signal);
        assert.deepEqual([models.length, String(failure)], [1, 'Error: no network']);
      }
      assert.equal(asked, 3);
      answer = () => Promise.resolve(makeList(0.02));
      assert.deepEqual(Object.keys(await modelList.newest(signal)), ['models']);
    });

    it('gives no models where there never was a list', async () => {
      answer = offline;
      const { models, failure } = await open().newest(signal);
      assert.deepEqual([models, String(failure)], [[], 'Error: no network']);
    });

    it('forgets why the list was stale when another call has fetched a new one', async () => {
      answer = offline;
      const modelList = open();
      await modelList.newest(signal);
      answer = () => Promise.resolve(makeList(0.01));
      await modelList.models(signal);
      assert.ok(!('failure' in (await modelList.newest(signal))));
    });

    it('waits 15 seconds at most', async () => {
      answer = (question) =>
        new Promise((_, reject) => question.addEventListener('abort', () => reject(question.reason as Error)));
      const newest = open().newest(signal);
      await until(() => asked === 1);
      await clock.advance(20_000);
      assert.deepEqual([(await newest).models, ((await newest).failure as ImageError).code], [[], 'timed_out']);
    });
  });
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}

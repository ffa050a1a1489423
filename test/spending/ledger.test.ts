import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ledger } from '../../src/spending/ledger.js';
import { Budget, type BudgetLimits, type ExpectedCost } from '../../src/spending/budget.js';
import { type TestClock, testClock, turn } from '../helpers/clock.js';
import { temporaryFolder } from '../helpers/packed.js';

const { signal } = new AbortController();
const image: ExpectedCost = { model: 'hidream', n: 1, price: 0.1 };

describe('a ledger that two budgets share', () => {
  let folder: string;
  let count = 0;
  let directory: string;
  let clock: TestClock;
  let leftOver: number;
  let ledger: Ledger;
  const opened: Budget[] = [];

  before(() => {
    folder = temporaryFolder();
  });

  beforeEach(() => {
    directory = join(folder, String(++count));
    clock = testClock({ start: new Date(2026, 10, 20, 12, 30).getTime() });
    leftOver = 0;
    ledger = new Ledger({
      clock,
      directory,
      onMemoryOnly: () => assert.fail('in memory'),
      onLeftOver: (count) => (leftOver += count),
    });
  });

  afterEach(() => opened.splice(0).forEach((budget) => budget.close()));

  function open(limits: Partial<BudgetLimits> = {}): Budget {
    const budget = new Budget({ limit: 1, period: 'day', ...limits }, ledger);
    opened.push(budget);
    return budget;
  }

  const buy = async (budget: Budget): Promise<void> =>
    (await budget.reserve(image, signal)).settle({ at: 'paid', cost: 0.1 });
  const lines = async (): Promise<number> =>
    (await readFile(join(directory, '2026-11.jsonl'), 'utf8').catch(() => '')).split('\n').length - 1;

  it('show each what the other spends and sets aside', async () => {
    const [one, other] = [open(), open()];
    await buy(one);
    await other.reserve(image, signal);
    assert.deepEqual([(await one.spending()).day, (await other.spending()).day], [0.2, 0.2]);
  });

  it('are held to the limit of each', async () => {
    const [low, high] = [open({ limit: 0.2 }), open({ limit: 0.4 })];
    for (let count = 0; count < 3; count++) await buy(high);
    await assert.rejects(buy(low), { code: 'budget_exceeded' });
    await buy(high);
    await assert.rejects(buy(high), { code: 'budget_exceeded' });
  });

  it('take nothing that is under way for left over', async () => {
    await open().reserve(image, signal);
    const second = open();
    assert.equal((await second.spending()).unknown, 0);
    assert.equal(leftOver, 0);
  });

  it('take nothing for left over where the clock is set far ahead while a request waits for another', async () => {
    const [one, other] = [open(), open()];
    const first = await one.reserve({ model: 'secretive', n: 1 }, signal);
    const second = other.reserve({ model: 'unheard-of', n: 1 }, signal);
    clock.setTime(new Date(2027, 2, 5).getTime());
    first.settle({ at: 'free' });
    await second;
    await clock.advance(3600_000);
    assert.equal((await one.spending()).unknown, 0);
    assert.equal(leftOver, 0);
  });

  it('settle what they find left over before the ledger is given up', async () => {
    await open().reserve(image, signal);
    const atEnd = new Promise<number>((resolve) => {
      ledger = new Ledger({
        clock,
        directory,
        onMemoryOnly: () => assert.fail('in memory'),
        onLeftOver: (count) => (leftOver += count),
        onIdle: () => resolve(lines()),
      });
    });
    const budget = open();
    const spending = budget.spending();
    budget.close();
    assert.deepEqual([await atEnd, leftOver, (await spending).unknown], [2, 1, 1]);
  });

  it('let requests of unknown price go one at a time, whosever they are', async () => {
    const [one, other] = [open(), open()];
    const first = await one.reserve({ model: 'secretive', n: 1 }, signal);
    let isThrough = false;
    const second = other.reserve({ model: 'unheard-of', n: 1 }, signal).finally(() => (isThrough = true));
    await turn();
    assert.equal(isThrough, false);
    first.settle({ at: 'free' });
    await second;
  });

  it('are written on while one of them is still open, and again after both were closed', async () => {
    const [one, other] = [open(), open()];
    await buy(one);
    one.close();
    one.close();
    await buy(other);
    other.close();
    await buy(open());
    while ((await lines()) < 6) await turn();
    assert.equal((await open().spending()).day, 0.3);
  });
});

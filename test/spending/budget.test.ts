import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError } from '../../src/errors.js';
import { Budget, type BudgetLimits, type ExpectedCost, type Reservation } from '../../src/spending/budget.js';
import type { Settlement } from '../../src/spending/ledger-file.js';
import { type TestClock, testClock, turn } from '../helpers/clock.js';
import { temporaryFolder } from '../helpers/packed.js';

const start = new Date(2026, 10, 20, 12, 30).getTime();
const image: ExpectedCost = { model: 'hidream', n: 1, price: 0.1 };
const unpriced: ExpectedCost = { model: 'unheard-of', n: 1 };
const [hour, day] = [3600_000, 24 * 3600_000];

describe('the budget', () => {
  let folder: string;
  let count = 0;
  let directory: string | undefined;
  let clock: TestClock;
  let budget: Budget;
  let warned: string[];
  let leftOver: number[];
  const opened: Budget[] = [];

  before(() => {
    folder = temporaryFolder();
  });

  beforeEach(() => {
    directory = join(folder, String(++count));
    clock = testClock({ start });
    [warned, leftOver] = [[], []];
    budget = open();
  });

  afterEach(() => opened.splice(0).forEach((one) => one.close()));

  /** On the same directory: as after a restart. */
  function open(limits: Partial<BudgetLimits> = {}): Budget {
    const one = new Budget(
      { limit: 1, period: 'day', ...limits },
      {
        clock,
        ...(directory !== undefined && { directory }),
        onMemoryOnly: (cause) => warned.push(String(cause)),
        onLeftOver: (requests) => leftOver.push(requests),
      },
    );
    opened.push(one);
    return one;
  }

  const reserve = (expected: ExpectedCost = image): Promise<Reservation> =>
    budget.reserve(expected, new AbortController().signal);
  const spend = async (settlement: Settlement, expected: ExpectedCost = image): Promise<void> =>
    (await reserve(expected)).settle(settlement);
  const spent = async (): Promise<number> => (await budget.spending()).day;
  const onDisk = async (): Promise<string> => readFile(join(directory ?? '', '2026-11.jsonl'), 'utf8');

  /** Resolves when so many lines of that kind are on disk. */
  async function written(at: string, lines: number): Promise<void> {
    while ((await onDisk()).split(`"at":"${at}"`).length - 1 < lines) await turn();
  }

  /** How many of so many parallel requests are let through; the others must fail for the budget. */
  async function letThrough(requests: number, expected = image): Promise<Reservation[]> {
    const outcomes = await Promise.allSettled(Array.from({ length: requests }, () => reserve(expected)));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') assert.equal((outcome.reason as ImageError).code, 'budget_exceeded');
    }
    return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  }

  it('lets 10 of 64 parallel requests through where it is for 10', async () => {
    assert.equal((await letThrough(64)).length, 10);
    assert.equal((await letThrough(64)).length, 0);
  });

  it('holds over a restart, for what was paid', async () => {
    for (const reservation of await letThrough(7)) reservation.settle({ at: 'paid', cost: 0.1 });
    await written('paid', 7);
    budget = open();
    assert.equal((await letThrough(64)).length, 3);
    assert.deepEqual(leftOver, []);
  });

  it('holds over a restart for what was under way, and says how many those were', async () => {
    const under = await letThrough(10);
    under[0]?.settle({ at: 'paid', cost: 0.1 });
    await written('paid', 1);
    budget = open();
    assert.equal((await letThrough(64)).length, 0);
    assert.deepEqual(leftOver, [9]);
    assert.equal((await budget.spending()).unknown, 9);
    await written('unknown', 9);
    budget = open();
    assert.equal((await letThrough(64)).length, 0);
    assert.deepEqual(leftOver, [9]);
  });

  it('finds what was under way when the last month ended, too', async () => {
    clock = testClock({ start: new Date(2026, 10, 30, 23, 59).getTime() });
    budget = open();
    await reserve();
    clock = testClock({ start: new Date(2026, 11, 1).getTime() });
    budget = open();
    assert.equal(await spent(), 0);
    assert.deepEqual(leftOver, [1]);
  });

  it('has a request on disk before it is sent', async () => {
    await reserve();
    assert.match(
      await onDisk(),
      /^\{"v":1,"t":\d+,"id":"[\w-]+","at":"sent","model":"hidream","n":1,"estimate":0.1,"currency":"USD"\}\n$/,
    );
  });

  it('reserves the price of all images', async () => {
    assert.equal((await letThrough(64, { ...image, n: 4 })).length, 2);
  });

  it('replaces the estimate by what it really cost', async () => {
    await spend({ at: 'paid', cost: 0.05 });
    assert.equal(await spent(), 0.05);
    assert.equal((await letThrough(64)).length, 9);
  });

  it('releases what was reserved for a failure that was not charged', async () => {
    await spend({ at: 'free' });
    assert.equal((await letThrough(64)).length, 10);
  });

  it('keeps the estimate booked while the outcome is unknown', async () => {
    await spend({ at: 'unknown' });
    assert.deepEqual(await budget.spending(), {
      hour: 0.1,
      day: 0.1,
      month: 0.1,
      byModel: { hidream: 0.1 },
      unknown: 1,
    });
    assert.equal((await letThrough(64)).length, 9);
  });

  it('counts a cost in another currency, and none at all, as unknown at the estimate', async () => {
    await spend({ at: 'paid', cost: 26.7, currency: 'XNO' });
    await spend({ at: 'paid' });
    const { day: today, unknown } = await budget.spending();
    assert.deepEqual([today, unknown], [0.2, 2]);
  });

  it('says which budget, what is spent and when the period ends', async () => {
    await letThrough(10);
    const ends = { hour: '2026-11-20 13:00', day: '2026-11-21 00:00', month: '2026-12-01 00:00' };
    for (const period of ['hour', 'day', 'month'] as const) {
      budget.configure({ limit: 1, period });
      const message = `This request does not fit into the budget of the account: 1 of 1 USD are spent or reserved until ${ends[period]}. Wait, or raise the budget.`;
      await assert.rejects(reserve(), { code: 'budget_exceeded', charged: 'no', retryable: false, message });
    }
  });

  it('begins again with each calendar period', async () => {
    budget.configure({ limit: 1, period: 'hour' });
    await letThrough(10);
    await clock.advance(hour / 2 - 1);
    assert.equal((await letThrough(10)).length, 0);
    await clock.advance(1);
    assert.equal((await letThrough(10)).length, 10);
    budget.configure({ limit: 1, period: 'day' });
    await clock.advance(day / 2);
    assert.equal((await letThrough(10)).length, 10);
    budget.configure({ limit: 3, period: 'month' });
    assert.equal((await letThrough(10)).length, 0);
    await clock.advance(11 * day);
    assert.equal((await letThrough(64)).length, 30);
  });

  it('books in the period in which it was sent', async () => {
    budget.configure({ limit: 1, period: 'hour' });
    const late = await reserve();
    await clock.advance(hour / 2);
    late.settle({ at: 'paid', cost: 1 });
    assert.deepEqual(await budget.spending(), { hour: 0, day: 1, month: 1, byModel: { hidream: 1 }, unknown: 0 });
  });

  it('changes in place, with what is spent', async () => {
    await letThrough(64);
    budget.configure({ limit: 1.5, period: 'day' });
    assert.equal((await letThrough(64)).length, 5);
    budget.configure({ limit: 0.5, period: 'day' });
    assert.equal((await letThrough(1)).length, 0);
    budget.configure({ period: 'day' });
    assert.equal((await letThrough(64)).length, 64);
  });

  it('lets nothing through where it is 0, but what is free', async () => {
    budget.configure({ limit: 0, period: 'day' });
    assert.equal((await letThrough(3)).length, 0);
    assert.equal((await letThrough(1, unpriced)).length, 0);
    assert.equal((await letThrough(3, { ...image, price: 0 })).length, 3);
  });

  it('remembers what is spent also where there is none', async () => {
    budget.configure({ period: 'day' });
    for (const reservation of await letThrough(20)) reservation.settle({ at: 'paid', cost: 0.1 });
    assert.equal(await spent(), 2);
    budget.configure({ limit: 1, period: 'day' });
    assert.equal((await letThrough(1)).length, 0);
  });

  describe('without a price', () => {
    it('takes what the model has cost on average', async () => {
      await spend({ at: 'paid', cost: 0.4 }, { ...unpriced, n: 2 });
      assert.equal((await letThrough(64, unpriced)).length, 3);
    });

    it('remembers that over a restart', async () => {
      await spend({ at: 'paid', cost: 0.4 }, { ...unpriced, n: 2 });
      await written('paid', 1);
      budget = open();
      const [first] = await letThrough(64, unpriced);
      assert.equal(first?.isUnpriced, false);
    });

    it('takes the list where it says more than the average', async () => {
      await spend({ at: 'paid', cost: 0.05 });
      assert.equal((await letThrough(64)).length, 9);
    });

    it('takes the average where the list says less', async () => {
      await spend({ at: 'paid', cost: 0.25 });
      assert.equal((await letThrough(64)).length, 3);
    });

    it('lets no further one through after one of unknown outcome, until that is settled or a price is known', async () => {
      await spend({ at: 'unknown' }, unpriced);
      await assert.rejects(reserve(unpriced), { code: 'budget_exceeded', key: 'unpriced_unknown', charged: 'no' });
      assert.equal((await reserve(image)).isUnpriced, false);
      await written('unknown', 1);
      budget = open();
      await assert.rejects(reserve(unpriced), { key: 'unpriced_unknown' });
      const [{ id } = { id: '' }] = await budget.unsettled();
      await budget.settleByHand(id, { at: 'free' });
      assert.equal((await reserve(unpriced)).isUnpriced, true);
    });

    it('lets one at a time through, and says so', async () => {
      const settled: string[] = [];
      const first = await reserve(unpriced);
      assert.equal(first.isUnpriced, true);
      const second = reserve(unpriced).then((reservation) => {
        settled.push('second');
        return reservation;
      });
      for (let turns = 0; turns < 10; turns++) await turn();
      assert.deepEqual(settled, []);
      first.settle({ at: 'paid' });
      assert.equal((await second).isUnpriced, true);
    });

    it('does not hold up requests of known price', async () => {
      await reserve(unpriced);
      assert.equal((await letThrough(64)).length, 10);
    });

    it('lets all go on as soon as one has shown what it costs', async () => {
      const first = await reserve(unpriced);
      const others = letThrough(64, unpriced);
      await turn();
      first.settle({ at: 'paid', cost: 0.1 });
      const through = await others;
      assert.deepEqual(
        through.map(({ isUnpriced }) => isUnpriced),
        Array.from({ length: 9 }, () => false),
      );
    });

    it('lets no request through when the budget is used up', async () => {
      await letThrough(10);
      await assert.rejects(reserve(unpriced), { code: 'budget_exceeded' });
    });

    it('says at once that the budget is used up, not after the one before', async () => {
      await reserve(unpriced);
      await letThrough(10);
      await assert.rejects(reserve(unpriced), { code: 'budget_exceeded' });
    });

    it('goes on where one that waits is cancelled', async () => {
      const first = await reserve(unpriced);
      const controller = new AbortController();
      const second = budget.reserve(unpriced, controller.signal);
      const third = reserve(unpriced);
      await turn();
      controller.abort(new ImageError('cancelled', 'cancelled'));
      await assert.rejects(second, { code: 'cancelled', charged: 'no' });
      first.settle({ at: 'free' });
      assert.equal((await third).isUnpriced, true);
      assert.equal((await onDisk()).split('"sent"').length - 1, 2);
    });

    it('holds up no request where there is no budget', async () => {
      budget.configure({ period: 'day' });
      const through = await letThrough(64, unpriced);
      assert.equal(through.length, 64);
      assert.ok(through.every(({ isUnpriced }) => !isUnpriced));
    });
  });

  describe('whose ledger cannot be written', () => {
    it('holds all the same, and says so once', async () => {
      await writeFile(directory ?? '', 'a file where the folder should be');
      budget = open();
      assert.equal((await letThrough(64)).length, 10);
      assert.equal((await letThrough(64)).length, 0);
      assert.equal(warned.length, 1);
      assert.equal(budget.isInMemory, true);
    });

    it('holds where a file of theirs cannot be written', async () => {
      await mkdir(join(directory ?? '', '2026-11.jsonl'), { recursive: true });
      budget = open();
      assert.equal((await letThrough(64)).length, 10);
      assert.equal(warned.length, 1);
    });

    it('holds without a directory, and says so at the first request', async () => {
      directory = undefined;
      budget = open();
      assert.deepEqual(warned, []);
      for (const reservation of await letThrough(64)) reservation.settle({ at: 'paid', cost: 0.1 });
      assert.deepEqual(await budget.spending(), { hour: 1, day: 1, month: 1, byModel: { hidream: 1 }, unknown: 0 });
      assert.match(String(warned), /user directory/);
      assert.equal(warned.length, 1);
    });

    it('does not say so where all is well', async () => {
      await spend({ at: 'paid', cost: 0.1 });
      await written('paid', 1);
      assert.deepEqual(warned, []);
      assert.equal(budget.isInMemory, false);
    });
  });
});

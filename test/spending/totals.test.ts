import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Settlement, LedgerEntry } from '../../src/spending/ledger-file.js';
import { type Period, SpendingTotals, periodEnd } from '../../src/spending/totals.js';
import { root } from '../helpers/packed.js';

const noon = new Date(2026, 10, 20, 12, 30).getTime();
const [hour, day] = [3600_000, 24 * 3600_000];

function entry(time: number, settlement?: Settlement, changes: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    id: String(time),
    time,
    model: 'hidream',
    n: 1,
    estimate: 0.1,
    currency: 'USD',
    ...(settlement && { settlement }),
    ...changes,
  };
}

function addUp(...entries: LedgerEntry[]): SpendingTotals {
  const totals = new SpendingTotals();
  for (const one of entries) totals.add(one);
  return totals;
}

describe('the totals', () => {
  it('counts by hour, day and month of local time', () => {
    const paid: Settlement = { at: 'paid', cost: 1 };
    const times = [noon, noon - 20 * 60_000, noon - hour, noon - 13 * hour, noon - 15 * day];
    const { hour: thisHour, day: today, month } = addUp(...times.map((time) => entry(time, paid))).at(noon);
    assert.deepEqual([thisHour, today, month], [2, 3, 5]);
  });

  it('counts day by day and by model, days without a request too', () => {
    const cost = (amount: number): Settlement => ({ at: 'paid', cost: amount });
    const [today, before] = [entry(noon, cost(1)), entry(noon - 2 * day, cost(2), { model: 'flux' })];
    const days = addUp(today, before, entry(noon - 3 * day, cost(9))).days(3, noon);
    assert.deepEqual(days, [
      { day: '2026-11-18', amount: 2, byModel: { flux: 2 } },
      { day: '2026-11-19', amount: 0, byModel: {} },
      { day: '2026-11-20', amount: 1, byModel: { hidream: 1 } },
    ]);
  });

  const amounts: [what: string, settlement: Settlement | undefined, amount: number, unknown: number][] = [
    ['a request under way with its estimate', undefined, 0.1, 0],
    ['a paid request with its cost', { at: 'paid', cost: 0.25 }, 0.25, 0],
    ['a paid request that cost nothing as that', { at: 'paid', cost: 0 }, 0, 0],
    ['a free request as nothing', { at: 'free' }, 0, 0],
    ['an unknown outcome with its estimate, and as unknown', { at: 'unknown' }, 0.1, 1],
    ['a paid request without a cost with its estimate, and as unknown', { at: 'paid' }, 0.1, 1],
    ['a cost in another currency with its estimate, and as unknown', { at: 'paid', cost: 26, currency: 'XNO' }, 0.1, 1],
  ];
  for (const [what, settlement, amount, unknown] of amounts) {
    it(`counts ${what}`, () => {
      const spending = addUp(entry(noon, settlement)).at(noon);
      assert.deepEqual(
        [spending.hour, spending.day, spending.month, spending.unknown],
        [amount, amount, amount, unknown],
      );
    });
  }

  it('counts what has neither cost nor estimate as unknown only', () => {
    const { id, time, model, n, currency } = entry(noon);
    const { month, unknown } = addUp({ id, time, model, n, currency, settlement: { at: 'unknown' } }).at(noon);
    assert.deepEqual([month, unknown], [0, 1]);
  });

  it('counts this month by model', () => {
    const cost = (model: string, amount: number): LedgerEntry => entry(noon, { at: 'paid', cost: amount }, { model });
    const before = entry(noon - 25 * day, { at: 'paid', cost: 9 }, { model: 'old' });
    assert.deepEqual(addUp(before, cost('a', 0.1), cost('a', 0.2), cost('', 0.4), cost('free', 0)).at(noon).byModel, {
      a: 0.3,
      '': 0.4,
    });
  });

  it('forgets what is taken out again', () => {
    const totals = addUp(entry(noon, { at: 'unknown' }));
    totals.add(entry(noon, { at: 'unknown' }), -1);
    assert.deepEqual(totals.at(noon), { hour: 0, day: 0, month: 0, byModel: {}, unknown: 0 });
  });

  it('begins again with each month', () => {
    const totals = addUp(entry(new Date(2026, 10, 30, 23, 59).getTime(), { at: 'unknown' }));
    assert.deepEqual(totals.at(new Date(2026, 11, 1).getTime()), {
      hour: 0,
      day: 0,
      month: 0,
      byModel: {},
      unknown: 0,
    });
  });

  it('counts on where a clock that was wrong is set back', () => {
    const totals = addUp(entry(noon), entry(new Date(2031, 0, 1).getTime()), entry(noon + 60_000));
    assert.equal(totals.spentIn('month', noon), 0.2);
  });

  it('knows what an image of a model has cost on average, also from the month before', () => {
    const totals = addUp(
      entry(noon - 25 * day, { at: 'paid', cost: 0.2 }, { n: 4 }),
      entry(noon, { at: 'paid', cost: 0.2 }),
      entry(noon, { at: 'paid' }),
      entry(noon, { at: 'paid', cost: 26, currency: 'XNO' }),
      entry(noon, { at: 'free' }),
    );
    assert.equal(totals.averagePrice('hidream'), 0.08);
    assert.equal(totals.averagePrice('flux'), undefined);
  });
});

describe('a period', () => {
  it('ends with the hour, the day and the month of local time', () => {
    const ends = (['hour', 'day', 'month'] as const).map((period) => periodEnd(period, noon));
    assert.deepEqual(ends, [new Date(2026, 10, 20, 13), new Date(2026, 10, 21), new Date(2026, 11, 1)].map(Number));
  });

  it('ends with the year, too', () => {
    const late = new Date(2026, 11, 31, 23, 59, 59, 999).getTime();
    const ends = (['hour', 'day', 'month'] as const).map((period) => periodEnd(period, late));
    assert.deepEqual(ends, [late + 1, late + 1, late + 1]);
  });

  type Zoned = [zone: string, what: string, period: Period, time: string, end: string];
  const zones: Zoned[] = [
    ['Europe/Berlin', 'a day of 23 hours', 'day', '2026-03-29T00:30:00+01:00', '2026-03-30T00:00:00+02:00'],
    ['Europe/Berlin', 'a day of 25 hours', 'day', '2026-10-25T00:30:00+02:00', '2026-10-26T00:00:00+01:00'],
    [
      'Europe/Berlin',
      'the hour before the one that is left out',
      'hour',
      '2026-03-29T01:30:00+01:00',
      '2026-03-29T03:00:00+02:00',
    ],
    [
      'Europe/Berlin',
      'an hour that comes twice, at first',
      'hour',
      '2026-10-25T02:30:00+02:00',
      '2026-10-25T03:00:00+01:00',
    ],
    [
      'Europe/Berlin',
      'an hour that comes twice, the second time',
      'hour',
      '2026-10-25T02:30:00+01:00',
      '2026-10-25T03:00:00+01:00',
    ],
    [
      'America/Santiago',
      'a day before one without midnight',
      'day',
      '2026-09-05T12:00:00-04:00',
      '2026-09-06T01:00:00-03:00',
    ],
    ['Asia/Kolkata', 'an hour between those of UTC', 'hour', '2026-11-20T12:29:59+05:30', '2026-11-20T13:00:00+05:30'],
    ['Pacific/Auckland', 'a month that is over elsewhere', 'month', '2026-11-30T11:30:00Z', '2026-12-31T11:00:00Z'],
  ];

  describe('where clocks are changed', () => {
    let found: { ends: number; lastSum: number; nextSum: number }[];

    before(async () => {
      found = await inZones(zones.map(([zone, , period, time]) => ({ zone, period, time })));
    });

    zones.forEach(([zone, what, , , end], index) => {
      it(`ends as the clock on the wall says: ${what} (${zone})`, () => {
        assert.equal(new Date(found[index]?.ends ?? 0).toISOString(), new Date(end).toISOString());
        // What was spent in it counts up to its last millisecond, and not beyond.
        assert.deepEqual([found[index]?.lastSum, found[index]?.nextSum], [1, 0]);
      });
    });
  });
});

/** Works out when periods end, and what the sums are just before and then, in a process that goes through the time zones. */
async function inZones(
  cases: { zone: string; period: Period; time: string }[],
): Promise<{ ends: number; lastSum: number; nextSum: number }[]> {
  const code = `
    const { SpendingTotals, periodEnd } = require(${JSON.stringify(join(root, 'src/spending/totals.ts'))});
    console.log(JSON.stringify(${JSON.stringify(cases)}.map(({ zone, period, time }) => {
      process.env.TZ = zone;
      const sent = Date.parse(time);
      const ends = periodEnd(period, sent);
      const totals = new SpendingTotals();
      totals.add({ id: '1', time: sent, model: '', n: 1, currency: 'USD', settlement: { at: 'paid', cost: 1 } });
      return { ends, lastSum: totals.spentIn(period, ends - 1), nextSum: totals.spentIn(period, ends) };
    })));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '-e', code], { cwd: root });
  return JSON.parse(stdout) as { ends: number; lastSum: number; nextSum: number }[];
}

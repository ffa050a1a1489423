import assert from 'node:assert/strict';
import { endOfPeriod, namePeriods, type PeriodNames } from '../../src/cluster/periods.js';

const iso = (time: number): string => new Date(time).toISOString().slice(0, 16);

describe('the periods of a budget in a time zone', () => {
  const ends: [what: string, period: keyof PeriodNames, zone: string, time: string, end: string][] = [
    ['a day of 23 hours', 'day', 'Europe/Berlin', '2026-03-29T12:00Z', '2026-03-29T22:00'],
    ['a day of 25 hours', 'day', 'Europe/Berlin', '2026-10-25T12:00Z', '2026-10-25T23:00'],
    ['an hour before the one that is left out', 'hour', 'Europe/Berlin', '2026-03-29T00:59Z', '2026-03-29T01:00'],
    ['an hour that comes twice, in its first half', 'hour', 'Europe/Berlin', '2026-10-25T00:10Z', '2026-10-25T02:00'],
    ['an hour that comes twice, in its second half', 'hour', 'Europe/Berlin', '2026-10-25T01:10Z', '2026-10-25T02:00'],
    ['an hour of which half comes twice', 'hour', 'Australia/Lord_Howe', '2026-04-04T14:40Z', '2026-04-04T15:30'],
    ['a day that begins at a quarter to', 'day', 'Asia/Kathmandu', '2026-11-26T12:00Z', '2026-11-26T18:15'],
    ['a day without a midnight', 'day', 'Africa/Cairo', '2026-04-23T12:00Z', '2026-04-23T22:00'],
    ['a month of 31 days and an hour', 'month', 'Europe/Berlin', '2026-10-01T12:00Z', '2026-10-31T23:00'],
    ['a month of 31 days without an hour', 'month', 'Europe/Berlin', '2026-03-01T12:00Z', '2026-03-31T22:00'],
  ];
  for (const [what, period, zone, time, end] of ends) {
    it(`end in time: ${what}`, () => {
      const found = endOfPeriod(period, Date.parse(time), zone);
      assert.equal(iso(found), end);
      const name = (at: number): string => namePeriods(at, zone)[period];
      assert.equal(name(found - 1), name(Date.parse(time)));
      assert.notEqual(name(found), name(Date.parse(time)));
    });
  }
});

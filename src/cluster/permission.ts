import { ImageError } from '../errors.js';
import { currency } from '../spending/currency.js';
import { utcMinute } from '../utc-minute.js';
import { fromMillionths } from './millionths.js';
import { endOfPeriod, type PeriodNames } from './periods.js';

/** What the script answers to a worker that wants to go on: yes, not yet, or never. */
export interface Permission {
  go?: boolean;
  /** Of the request, where it is not this worker's. */
  state?: string;
  /** In milliseconds. */
  wait?: number;
  because?: 'pause' | 'rate' | 'slot' | 'line' | 'unpriced' | 'asker';
}

/** The same for the moment before a request goes out. */
export interface SendPermission extends Permission {
  /** In millionths; absent = unknown. */
  amount?: number;
  unpriced?: boolean;
  now: number;
  deadline: number;
  clock?: number;
  unpricedUnknown?: number;
  exceeded?: { period: keyof PeriodNames; limit: number; spent: number };
}

/** Another instance has the request now, or it has ended. */
export class LostRequest extends Error {}

/** Why nothing may be sent, at a time of Redis. */
export function toRefusal(
  { state, exceeded, unpricedUnknown }: SendPermission,
  { now, timezone }: { now: number; timezone: string },
): Error {
  if (unpricedUnknown !== undefined)
    return new ImageError('budget_exceeded', 'unpriced_unknown', { sent: utcMinute(unpricedUnknown) });
  if (!exceeded) return new LostRequest(state);
  const { period, limit, spent } = exceeded;
  return new ImageError('budget_exceeded', 'budget_exceeded', {
    ...{ budget: fromMillionths(limit), spent: Math.round(spent / 100) / 1e4, currency },
    ends: utcMinute(endOfPeriod(period, now, timezone)),
  });
}

import { defined } from '../defined.js';
import type { Allowance, Subscription } from '../../types/index.js';
import { asObject, isObject, toNumber } from '../json.js';

export type { Subscription };

/**
 * Reads the answer of NanoGPT's usage route (NanoGPT docs: subscription
 * usage) by what is there; undefined where it is none.
 */
export function readSubscription(body: unknown): Subscription | undefined {
  if (!isObject(body) || (typeof body.active !== 'boolean' && typeof body.state !== 'string')) return undefined;
  const state = typeof body.state === 'string' ? body.state : body.active === true ? 'active' : 'inactive';
  const [limits, period] = [asObject(body.limits), asObject(body.period)];
  return {
    active: typeof body.active === 'boolean' ? body.active : state !== 'inactive',
    state,
    ...defined({
      ends: readTime(period.currentPeriodEnd),
      daily: readAllowance(body.daily, limits.daily),
      monthly: readAllowance(body.monthly, limits.monthly),
      dailyImages: readAllowance(body.dailyImages, limits.dailyImages),
    }),
  };
}

function readAllowance(value: unknown, limit: unknown): Allowance | undefined {
  if (!isObject(value)) return undefined;
  return defined({
    used: toNumber(value.used),
    remaining: toNumber(value.remaining),
    limit: toNumber(limit ?? value.limit),
    resets: readTime(value.resetAt),
  });
}

/** Milliseconds since the epoch, or a date as text, as ISO 8601. */
function readTime(value: unknown): string | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : toNumber(value);
  return time === undefined || Math.abs(time) > 8.64e15 || Number.isNaN(time)
    ? undefined
    : new Date(time).toISOString();
}

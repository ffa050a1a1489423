import { defined } from '../defined.js';
import { limits } from '../limits.js';
import type { RateLimits } from '../queue/rate-limiter.js';
import type { BudgetLimits } from '../spending/budget.js';
import type { AccountSettings } from './settings.js';

/** The limits of generation requests. */
export function toRateLimits({ concurrency, perMinute, queueLimit }: AccountSettings): RateLimits {
  return { concurrency, perMinute, queueLimit, queueBytes: limits.waiting };
}

/** The limits of input image downloads: no rate, and no bytes, since nothing is held while a download waits. */
export function toInputLimits({ concurrency, queueLimit }: AccountSettings): RateLimits {
  return { concurrency, perMinute: 0, queueLimit, queueBytes: Infinity };
}

/** The budget, without a limit where the account has none. */
export function toBudgetLimits({ budget, budgetPeriod }: AccountSettings): BudgetLimits {
  return { period: budgetPeriod, ...defined({ limit: budget }) };
}

import { defined } from '../defined.js';
import { limits } from '../limits.js';
import type { RateLimits } from '../queue/rate-limiter.js';
import type { BudgetLimits } from '../spending/budget.js';
import type { AccountSettings } from './settings.js';

export function toRateLimits({ concurrency, perMinute, queueLimit }: AccountSettings): RateLimits {
  return { concurrency, perMinute, queueLimit, queueBytes: limits.waiting };
}

export function toInputLimits({ concurrency, queueLimit }: AccountSettings): RateLimits {
  return { concurrency, perMinute: 0, queueLimit, queueBytes: Infinity };
}

export function toBudgetLimits({ budget, budgetPeriod }: AccountSettings): BudgetLimits {
  return { period: budgetPeriod, ...defined({ limit: budget }) };
}

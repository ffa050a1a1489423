import type { AccountSettings } from '../account/settings.js';
import { resolveEndpoint } from '../api/endpoint.js';
import { currency } from '../spending/currency.js';
import type { AccountCluster } from './cluster-settings.js';
import { toMillionths } from './millionths.js';

/** The limits of an account; of all live instances the smallest of each holds. Budgets are in millionths. */
export interface SharedLimits {
  concurrency: number;
  perMinute: number;
  queueLimit: number;
  budgets: Partial<Record<AccountSettings['budgetPeriod'], number>>;
}

/** What an instance tells the others of itself. */
export interface Announcement {
  /** The same after a restart. */
  id: string;
  /** Of the process: one may be in the cluster twice while it changes its settings. */
  process: string;
  host: string;
  version: string;
  role: AccountCluster['role'];
  replicas: string;
  timezone: string;
  service: string;
  /** Where requests go: scheme, host and port. */
  origin: string;
  currency: string;
  /** Differs where the secret does. */
  secret: string;
  limits: SharedLimits;
}

/** What settings make an instance tell. */
export function announceSettings(
  settings: AccountSettings,
  cluster: AccountCluster,
): Omit<Announcement, 'id' | 'process' | 'host' | 'version' | 'secret'> {
  const { service, concurrency, perMinute, queueLimit, budget, budgetPeriod } = settings;
  const { role, replicas, timezone } = cluster;
  // The built-in service has another port with each start.
  const origin = service === 'sandbox' ? service : new URL(resolveEndpoint(settings).root).origin;
  const budgets = budget === undefined ? {} : { [budgetPeriod]: toMillionths(budget) };
  const limits = { concurrency, perMinute, queueLimit, budgets };
  return { role, replicas, timezone, service, origin, currency, limits };
}

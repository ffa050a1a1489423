import type { Redis } from 'ioredis';
import { isObject, parseJson, toNumber } from '../json.js';
import type { ClusterSettings } from './cluster-settings.js';
import { type Difference, findDifferences } from './find-differences.js';
import { fromMillionths } from './millionths.js';
import { usualTiming } from './timing.js';

/** A Node-RED or a worker that shares an account. */
export interface LiveInstance {
  host: string;
  version: string;
  role: string;
  /** What tells it from others on the same host. */
  id: string;
}

/** An account that somebody shares, with the limits that hold for all together. */
export interface SharedAccount {
  name: string;
  service: string;
  concurrency: number;
  /** 0 = no limit. */
  perMinute: number;
  /** In US dollars, by period. */
  budgets: Record<string, number>;
  instances: LiveInstance[];
  /** What the settings of who asks have otherwise than those of the others. */
  differences: Difference[];
}

type Limits = Pick<SharedAccount, 'concurrency' | 'perMinute' | 'budgets'>;

interface FoundAccount {
  tag: string;
  /** Of those that are alive. */
  announcements: Record<string, unknown>[];
  limits: Limits;
}

/** A Redis that others fill too is not searched for ever: so many steps of so many keys. */
const scan = { steps: 200, keys: 1000 };

/** What somebody who enters the cluster would bring. */
type Entering = Pick<ClusterSettings, 'prefix' | 'secret' | 'timezone'>;

/** Every account under a prefix that a live instance shares, who that is, and what is otherwise there than here. */
export async function listAccounts(redis: Redis, settings: Entering, signal: AbortSignal): Promise<SharedAccount[]> {
  const [seconds] = await redis.time();
  const since = Number(seconds) * 1000 - usualTiming.alive;
  const tags = await findTags(redis, settings.prefix);
  const found = await Promise.all(tags.map((tag) => readAccount(redis, tag, since)));
  const accounts: SharedAccount[] = [];
  // One after another: each takes a thread for a moment, of which Node-RED has four.
  for (const { tag, announcements, limits } of found) {
    if (announcements.length === 0) continue;
    signal.throwIfAborted();
    accounts.push({
      ...{ name: tag.slice(settings.prefix.length + 2, -1), service: text(announcements[0]?.service), ...limits },
      instances: announcements.map(toInstance),
      differences: await findDifferences(settings, tag, announcements),
    });
  }
  return accounts.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** The hash tags of all accounts, each of which has a key with the signs of life. */
async function findTags(redis: Redis, prefix: string): Promise<string[]> {
  const tags = new Set<string>();
  let cursor = '0';
  for (let step = 0; step < scan.steps; step++) {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `{${prefix}:*}:alive`, 'COUNT', scan.keys);
    for (const key of keys) tags.add(key.slice(0, -':alive'.length));
    cursor = next;
    if (cursor === '0') break;
  }
  return [...tags];
}

async function readAccount(redis: Redis, tag: string, since: number): Promise<FoundAccount> {
  const live = await redis.zrangebyscore(`${tag}:alive`, since, '+inf');
  const [saved, strictest] = await Promise.all([
    live.length === 0 ? [] : redis.hmget(`${tag}:instances`, ...live),
    redis.hget(`${tag}:meta`, 'strictest'),
  ]);
  const announcements = saved.map((text) => parseJson(text ?? '')).filter(isObject);
  return { tag, announcements, limits: readLimits(parseJson(strictest ?? '')) };
}

function toInstance({ host, version, role, id }: Record<string, unknown>): LiveInstance {
  return { host: text(host), version: text(version), role: text(role), id: text(id) };
}

function readLimits(limits: unknown): Limits {
  const { concurrency, perMinute, budgets } = isObject(limits) ? limits : {};
  const amounts = Object.entries(isObject(budgets) ? budgets : {});
  return {
    concurrency: toNumber(concurrency) ?? 0,
    perMinute: toNumber(perMinute) ?? 0,
    budgets: Object.fromEntries(
      amounts.map(([period, millionths]) => [period, fromMillionths(toNumber(millionths) ?? 0)]),
    ),
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

import type { Redis } from 'ioredis';
import { isObject, parseJson, toNumber } from '../json.js';
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
}

/** A Redis that others fill too is not searched for ever: so many steps of so many keys. */
const scan = { steps: 200, keys: 1000 };

/** Every account under a prefix that a live instance shares, and who that is. */
export async function listAccounts(redis: Redis, prefix: string): Promise<SharedAccount[]> {
  const [seconds] = await redis.time();
  const since = Number(seconds) * 1000 - usualTiming.alive;
  const tags = await findTags(redis, prefix);
  const accounts = await Promise.all(tags.map((tag) => readAccount(redis, tag, { prefix, since })));
  return accounts
    .filter(({ instances }) => instances.length > 0)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
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

async function readAccount(
  redis: Redis,
  tag: string,
  { prefix, since }: { prefix: string; since: number },
): Promise<SharedAccount> {
  const live = await redis.zrangebyscore(`${tag}:alive`, since, '+inf');
  const [saved, strictest] = await Promise.all([
    live.length === 0 ? [] : redis.hmget(`${tag}:instances`, ...live),
    redis.hget(`${tag}:meta`, 'strictest'),
  ]);
  const announcements = saved.map((text) => parseJson(text ?? '')).filter(isObject);
  return {
    name: tag.slice(prefix.length + 2, -1),
    service: text(announcements[0]?.service),
    ...readLimits(parseJson(strictest ?? '')),
    instances: announcements.map(toInstance),
  };
}

function toInstance({ host, version, role, id }: Record<string, unknown>): LiveInstance {
  return { host: text(host), version: text(version), role: text(role), id: text(id) };
}

function readLimits(limits: unknown): Pick<SharedAccount, 'concurrency' | 'perMinute' | 'budgets'> {
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

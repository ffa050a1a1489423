import { isIP } from 'node:net';
import type { Redis, RedisOptions } from 'ioredis';
import { ImageError } from '../errors.js';
import type { ClusterSettings } from './cluster-settings.js';
import { loadPackages } from './load-packages.js';

/** How long one command may take, in milliseconds. */
export const commandTimeout = 2000;

/** A connection is tried again after at most this time, in milliseconds. */
const mostDelay = 2000;

/** What every connection to the Redis of a cluster has in common. A user and a password may also stand in the URL. */
export function redisOptions({
  url,
  password,
}: Pick<ClusterSettings, 'url' | 'password'>): Omit<RedisOptions, 'replyMapping'> {
  const address = new URL(url);
  const [user, inUrl] = [address.username, address.password].map(unescape);
  const secret = password === '' ? inUrl : password;
  const database = Number(address.pathname.slice(1));
  const host = address.hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    port: Number(address.port) || 6379,
    connectTimeout: 5000,
    // A machine that is gone does not say so.
    keepAlive: 10_000,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), mostDelay),
    ...(user && { username: user }),
    ...(secret && { password: secret }),
    ...(Number.isInteger(database) && { db: database }),
    ...(address.protocol === 'rediss:' && { tls: isIP(host) ? {} : { servername: host } }),
  };
}

/** A part of a URL in clear, in which somebody may have typed a `%` that escapes nothing. */
function unescape(part: string): string {
  try {
    return decodeURIComponent(part.replace(/%(?![\da-f]{2})/gi, '%25'));
  } catch {
    return part;
  }
}

/**
 * Opens the connection for the state of requests: a command fails at once while Redis is
 * away and is never sent again by itself, since what it decides is about money. Errors of
 * the connection go to `onError`, which the connection outlives.
 *
 * @throws ImageError `not_configured` where the packages are missing.
 */
export async function openRedis(
  settings: Pick<ClusterSettings, 'url' | 'password'>,
  onError: (error: Error) => void = () => undefined,
): Promise<Redis> {
  const { ioredis } = await loadPackages();
  const redis = new ioredis.Redis({
    ...redisOptions(settings),
    ...{ commandTimeout, socketTimeout: 2 * commandTimeout },
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  });
  redis.on('error', onError);
  // Every request that waits for the connection listens to it; the queue limit says how many may.
  redis.setMaxListeners(0);
  return redis;
}

/**
 * Resolves once the connection can be used.
 *
 * @throws ImageError `cluster_unavailable` where that takes too long.
 */
export async function whenReady(redis: Redis, timeout = commandTimeout): Promise<void> {
  if (redis.status === 'ready') return;
  let lastError: Error | undefined;
  const note = (error: Error): void => void (lastError = error);
  redis.on('error', note);
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        redis.off('ready', ready);
        reject(toUnavailable(lastError ?? new Error(`no connection within ${timeout / 1000} s`)));
      }, timeout);
      const ready = (): void => {
        clearTimeout(timer);
        resolve();
      };
      redis.once('ready', ready);
    });
  } finally {
    redis.off('error', note);
  }
}

/** Whether Redis refuses who asks (Redis docs: the errors of `AUTH`, of commands without it, and of an ACL). */
export function isRefusal(reason: string): boolean {
  return /^(NOAUTH|WRONGPASS|ERR AUTH|NOPERM)/.test(reason);
}

/** What a failure of Redis means for a request: nothing was sent for it. */
export function toUnavailable(error: unknown): ImageError {
  const reason = error instanceof Error ? error.message : String(error);
  if (isRefusal(reason)) return new ImageError('not_configured', 'redis_password', { reason }, { cause: error });
  return new ImageError('cluster_unavailable', 'cluster_away', { reason }, { cause: error });
}

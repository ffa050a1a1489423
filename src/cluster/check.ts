import type { Redis } from 'ioredis';
import { ImageError } from '../errors.js';
import type { ClusterSettings } from './cluster-settings.js';
import { type SharedAccount, listAccounts } from './list-accounts.js';
import { loadPackages } from './load-packages.js';
import { commandTimeout, isRefusal, redisOptions } from './redis.js';
import { type RedisReport, readRedisReport } from './redis-report.js';

/** What a person wants to know of a cluster before trusting it with money. */
export interface ClusterReport extends RedisReport {
  accounts: SharedAccount[];
}

/**
 * Looks into the Redis of a cluster without changing anything there, and says for which accounts these settings would
 * be refused. It is asked once: what cannot be reached now is a finding.
 *
 * @throws ImageError `not_configured` where the packages are missing,
 * `cluster_unavailable` where Redis does not answer or refuses.
 */
export async function checkCluster(settings: ClusterSettings, signal: AbortSignal): Promise<ClusterReport> {
  const redis = await openOnce(settings);
  let reason: Error | undefined;
  // The first failure says why; what waits for the connection is told only that it is closed.
  redis.on('error', (error: Error) => (reason ??= error));
  const stop = (): void => redis.disconnect();
  signal.addEventListener('abort', stop);
  try {
    await redis.connect();
    const [info, config, accounts] = await Promise.all([
      redis.info(),
      readConfig(redis),
      listAccounts(redis, settings, signal),
    ]);
    return { ...readRedisReport(info, config), accounts };
  } catch (error) {
    throw toRefusal(reason ?? error);
  } finally {
    signal.removeEventListener('abort', stop);
    redis.disconnect();
  }
}

async function openOnce(settings: ClusterSettings): Promise<Redis> {
  const { ioredis } = await loadPackages();
  return new ioredis.Redis({
    ...redisOptions(settings),
    lazyConnect: true,
    retryStrategy: () => null,
    commandTimeout,
  });
}

function toRefusal(error: unknown): ImageError {
  const reason = error instanceof Error ? error.message : String(error);
  return isRefusal(reason)
    ? new ImageError('not_configured', 'redis_password', { reason }, { cause: error })
    : new ImageError('cluster_unavailable', 'redis_unreachable', { reason }, { cause: error });
}

/** Hosted services often do not allow this command. */
async function readConfig(redis: Redis): Promise<Record<string, string>> {
  const answer = (await redis.config('GET', 'appendfsync', 'save').catch(() => [])) as string[];
  return Object.fromEntries(
    answer.flatMap((name, index) => (index % 2 === 0 ? [[name, answer[index + 1] ?? '']] : [])),
  );
}

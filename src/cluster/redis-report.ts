/** What a Redis says of itself, as far as a cluster depends on it. */
export interface RedisReport {
  /** `Redis`, or what else speaks its language. */
  server: string;
  version: string;
  /** Whether scripts and commands are there that a cluster needs. */
  isSupported: boolean;
  /** It takes no writes. */
  isReplica: boolean;
  /** Its keys are spread over several servers. */
  isClusterMode: boolean;
  /** What it does when its memory is full (`maxmemory-policy`). */
  eviction: string;
  /**
   * What is on disk when it crashes: every change, all but the last second, the last snapshot, nothing; not every
   * service says.
   */
  persistence: 'always' | 'everysec' | 'snapshots' | 'none' | 'unknown';
}

/** The first major version with functions that a cluster needs. */
const leastVersion = 7;

/**
 * Reads the answers to `INFO` and to `CONFIG GET appendfsync save`, which is empty where a service does not allow it
 * (Redis docs: INFO). Valkey gives its own version beside the one of Redis that it matches.
 */
export function readRedisReport(info: string, config: Record<string, string>): RedisReport {
  const fields = parseInfo(info);
  const text = (name: string): string => fields.get(name) ?? '';
  const redisVersion = text('redis_version');
  return {
    server: text('valkey_version') === '' ? 'Redis' : 'Valkey',
    version: text('valkey_version') || redisVersion,
    isSupported: Number.parseInt(redisVersion, 10) >= leastVersion,
    isReplica: text('role') === 'slave',
    isClusterMode: text('cluster_enabled') === '1',
    eviction: text('maxmemory_policy'),
    persistence: readPersistence(text('aof_enabled') === '1', config),
  };
}

function readPersistence(
  isAppending: boolean,
  { appendfsync, save }: Record<string, string>,
): RedisReport['persistence'] {
  if (isAppending) return appendfsync === 'always' ? 'always' : 'everysec';
  if (save === undefined) return 'unknown';
  return save === '' ? 'none' : 'snapshots';
}

/** Lines of `name:value`. */
function parseInfo(info: string): Map<string, string> {
  const lines = info.split(/\r?\n/).map((line): [string, string] => {
    const end = line.indexOf(':');
    return [line.slice(0, end), line.slice(end + 1).trim()];
  });
  return new Map(lines);
}

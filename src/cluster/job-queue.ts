import type { ConnectionOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { AccountCluster } from './cluster-settings.js';
import { loadPackages } from './load-packages.js';
import { redisOptions } from './redis.js';

/** The format of the jobs is part of the name: instances of another version have a queue of their own until they are replaced. */
export const queueName = 'requests-1';

/** Names and connection of the queue of an account; its keys lie in the slot of all others. */
export function queueOptions(cluster: AccountCluster): { prefix: string; connection: ConnectionOptions } {
  return { prefix: `{${cluster.prefix}:${cluster.account}}`, connection: redisOptions(cluster) as ConnectionOptions };
}

/** Hands requests to whichever instance is free. Holds ids alone: everything else lies encrypted beside it. */
export class JobQueue {
  readonly #queue: Queue;
  readonly #redis: Redis;

  private constructor(queue: Queue, redis: Redis) {
    this.#queue = queue;
    this.#redis = redis;
    queue.on('error', () => undefined);
    redis.on('error', () => undefined);
  }

  static async open(cluster: AccountCluster): Promise<JobQueue> {
    const { bullmq, ioredis } = await loadPackages();
    const { prefix } = queueOptions(cluster);
    // BullMQ would go on connecting if its own connection was closed while Redis is away.
    const redis = new ioredis.Redis({ ...redisOptions(cluster), enableOfflineQueue: false, maxRetriesPerRequest: 1 });
    const connection = redis as ConnectionOptions;
    return new JobQueue(new bullmq.Queue(queueName, { prefix, connection, skipVersionCheck: true }), redis);
  }

  /** Adds the job of a request, unless there is one. What fails here, a later look for waiting requests makes good. */
  async add(id: string): Promise<void> {
    const options = { jobId: id, attempts: 1, removeOnComplete: true, removeOnFail: true };
    await this.#queue.add('request', {}, options).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#queue.close().catch(() => undefined);
    this.#redis.disconnect();
  }
}

import type { ConnectionOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { AccountCluster } from './cluster-settings.js';
import { loadPackages } from './load-packages.js';
import { commandTimeout, redisOptions } from './redis.js';

/**
 * The format of the jobs is part of the name: instances of another
 * version have a queue of their own until they are replaced.
 */
export const queueName = 'requests-1';

/** Names and connection of the queue of an account; its keys lie in the slot of all others. */
export function queueOptions(cluster: AccountCluster): { prefix: string; connection: ConnectionOptions } {
  return { prefix: `{${cluster.prefix}:${cluster.account}}`, connection: redisOptions(cluster) as ConnectionOptions };
}

/** Hands requests to whichever instance is free. Holds ids alone: everything else lies encrypted beside it. */
export class JobQueue {
  readonly #open: () => Queue;
  readonly #redis: Redis;
  #queue: Queue;

  private constructor(redis: Redis, open: () => Queue) {
    this.#open = open;
    this.#redis = redis;
    redis.on('error', () => undefined);
    this.#queue = open();
  }

  static async open(cluster: AccountCluster): Promise<JobQueue> {
    const { bullmq, ioredis } = await loadPackages();
    const { prefix } = queueOptions(cluster);
    // BullMQ would go on connecting if its own connection was closed while Redis is away.
    const redis = new ioredis.Redis({
      ...redisOptions(cluster),
      ...{ enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout, socketTimeout: 2 * commandTimeout },
    });
    const connection = redis as ConnectionOptions;
    return new JobQueue(redis, () => {
      const queue = new bullmq.Queue(queueName, { prefix, connection, skipVersionCheck: true });
      return queue.on('error', () => undefined);
    });
  }

  /**
   * Adds the job of a request, unless there is one. Not awaited: after a failure the next look for waiting requests
   * adds it again.
   */
  add(id: string): void {
    const options = { jobId: id, attempts: 1, removeOnComplete: true, removeOnFail: true };
    this.#queue.add('request', {}, options).catch(() => this.#reopen());
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
    await this.#queue.close().catch(() => undefined);
  }

  /** BullMQ gives a queue up whose first words with Redis were cut off. */
  #reopen(): void {
    const queue = this.#queue;
    queue.waitUntilReady().catch(() => {
      if (queue !== this.#queue) return;
      this.#queue = this.#open();
      queue.close().catch(() => undefined);
    });
  }
}

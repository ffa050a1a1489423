import type { ConnectionOptions, Queue } from 'bullmq';
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

  private constructor(queue: Queue) {
    this.#queue = queue;
    queue.on('error', () => undefined);
  }

  static async open(cluster: AccountCluster): Promise<JobQueue> {
    const { bullmq } = await loadPackages();
    const { prefix, connection } = queueOptions(cluster);
    const failing = { ...connection, enableOfflineQueue: false, maxRetriesPerRequest: 1 } as ConnectionOptions;
    return new JobQueue(new bullmq.Queue(queueName, { prefix, connection: failing, skipVersionCheck: true }));
  }

  /** Adds the job of a request, unless there is one. What fails here, a later look for waiting requests makes good. */
  async add(id: string): Promise<void> {
    const options = { jobId: id, attempts: 1, removeOnComplete: true, removeOnFail: true };
    await this.#queue.add('request', {}, options).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#queue.close().catch(() => undefined);
  }
}

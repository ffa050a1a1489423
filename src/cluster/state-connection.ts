import type { Redis } from 'ioredis';
import { toUnavailable, whenReady } from './redis.js';
import { StateScript } from './state-script.js';

/** The connection over which an instance runs the script. */
export class StateConnection {
  readonly #redis: Redis;
  readonly #script: StateScript;

  constructor(redis: Redis, tag: string) {
    this.#redis = redis;
    this.#script = new StateScript(redis, tag);
  }

  get isOpen(): boolean {
    return this.#redis.status === 'ready';
  }

  /** @throws ImageError `cluster_unavailable` where the connection is not there in time. */
  ready(): Promise<void> {
    return whenReady(this.#redis);
  }

  /** @throws ImageError `cluster_unavailable`: whether it took effect is then unknown. */
  async run<Answer>(operation: string, args: object, bytes?: Buffer): Promise<Answer> {
    try {
      return await this.#script.run<Answer>(operation, args, bytes);
    } catch (error) {
      throw toUnavailable(error);
    }
  }
}

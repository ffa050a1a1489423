import type { Redis } from 'ioredis';
import { toUnavailable, whenReady } from './redis.js';
import { StateScript } from './state-script.js';

/** The connection over which an instance runs the script, and when Redis last answered there. */
export class StateConnection {
  readonly #redis: Redis;
  readonly #script: StateScript;
  /** Of the monotonic clock. */
  #answered = performance.now();

  constructor(redis: Redis, tag: string) {
    this.#redis = redis;
    this.#script = new StateScript(redis, tag);
  }

  /** How long Redis has not answered, in milliseconds. */
  get silence(): number {
    return performance.now() - this.#answered;
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
      const answer = await this.#script.run<Answer>(operation, args, bytes);
      this.#answered = performance.now();
      return answer;
    } catch (error) {
      throw toUnavailable(error);
    }
  }
}

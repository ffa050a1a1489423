import { EventEmitter } from 'node:events';
import type { Redis } from 'ioredis';
import { loadPackages } from './load-packages.js';
import { redisOptions } from './redis.js';
import type { ClusterSettings } from './cluster-settings.js';

/**
 * What the instances of an account tell each other. A message may be
 * lost: an instance that waits for one also looks by itself.
 */
export interface ClusterEvents {
  /** A slot is free for each of these requests, or its asker has agreed. */
  slot: [...ids: string[]];
  /** A request is reserved, by the attempt with this token, which its asker must agree to. */
  reserved: [id: string, token: string];
  /** A request is sent, has ended, or is to be cancelled. */
  sent: [id: string];
  ended: [id: string];
  cancel: [id: string];
  /** A request was made, and can be looked at. */
  kept: [id: string];
  /** A request waits, until when by the clock of Redis where that is known. */
  wait: [id: string, until: string];
}

/** Others can write into the channel, too, and an `error` event without a listener ends the process. */
const names: readonly string[] = [
  'slot',
  'reserved',
  'sent',
  'ended',
  'cancel',
  'kept',
  'wait',
] satisfies (keyof ClusterEvents)[];

/** The messages of one account, on a connection of their own. */
export class Events extends EventEmitter<ClusterEvents> {
  readonly #redis: Redis;
  readonly #subscribed: Promise<void>;
  /** By the id of the request. */
  readonly #waiting = new Map<string, () => void>();

  private constructor(redis: Redis, channel: string) {
    super();
    this.#redis = redis;
    this.setMaxListeners(0);
    redis.on('error', () => undefined);
    redis.on('message', (_, text: string) => {
      const [name = '', ...values] = text.split(' ');
      if (names.includes(name)) this.emit(name as keyof ClusterEvents, ...(values as [string, string]));
    });
    this.on('slot', (...ids) => {
      for (const id of ids) this.#waiting.get(id)?.();
    });
    this.#subscribed = redis.subscribe(channel).then(
      () => undefined,
      () => undefined,
    );
  }

  static async open(settings: ClusterSettings, tag: string): Promise<Events> {
    const { ioredis } = await loadPackages();
    return new Events(new ioredis.Redis({ ...redisOptions(settings), maxRetriesPerRequest: null }), `${tag}:events`);
  }

  /** Resolves once the messages of the others arrive here, and after a second at the latest. */
  async ready(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, 1000)));
    await Promise.race([this.#subscribed, patience]);
    clearTimeout(timer);
  }

  /** Resolves when a slot is free for a request, and after so many milliseconds at the latest. */
  waitForSlot(id: string, milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        signal.removeEventListener('abort', abort);
      };
      const go = (): void => {
        end();
        resolve();
      };
      const abort = (): void => {
        end();
        reject(signal.reason as Error);
      };
      const timer = setTimeout(go, milliseconds);
      this.#waiting.set(id, go);
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  close(): void {
    this.#redis.disconnect();
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { SharedList } from '../api/models/shared-list.js';
import type { Member } from './member.js';

/**
 * How long the list lies in Redis, and how long an instance may ask for it before another one does, in milliseconds.
 */
const [listLife, askingLife] = [24 * 3600_000, 15_000];

/** How long an instance waits for the list that another one asks for, and how often it looks, in milliseconds. */
const [patience, pause] = [5000, 200];

/** The most bytes of a list that is shared. */
const mostBytes = 4_000_000;

/** The list of models as the service has given it to any instance of an account. */
export class SharedModels implements SharedList {
  readonly #member: Member;

  constructor(member: Member) {
    this.#member = member;
  }

  async take(): Promise<unknown> {
    const end = performance.now() + patience;
    try {
      for (;;) {
        const list = await this.#read();
        if (list !== undefined || performance.now() > end || (await this.#isFirst())) return list;
        await sleep(pause);
      }
    } catch {
      return undefined;
    }
  }

  async offer(list: object): Promise<void> {
    const { redis, tag, cipher } = this.#member;
    const text = Buffer.from(JSON.stringify(list));
    if (text.length > mostBytes) return;
    await redis.set(`${tag}:model-list`, cipher.seal(text, 'models'), 'PX', listLife).catch(() => undefined);
  }

  async #read(): Promise<unknown> {
    const { redis, tag, cipher } = this.#member;
    const sealed = await redis.getBuffer(`${tag}:model-list`);
    return sealed ? (JSON.parse(cipher.unseal(sealed, 'models').toString()) as unknown) : undefined;
  }

  /** Whether this instance is the one that asks. */
  async #isFirst(): Promise<boolean> {
    const { redis, tag, nonce } = this.#member;
    const key = `${tag}:model-list:asking`;
    return (await redis.set(key, nonce, 'PX', askingLife, 'NX')) === 'OK' || (await redis.get(key)) === nonce;
  }
}

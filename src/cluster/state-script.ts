import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Redis } from 'ioredis';

/** In this order; the operations of each file are explained there. */
const files = [
  'common',
  'blobs',
  'history',
  'limits',
  'requests',
  'spending',
  'ask',
  'work',
  'sweep',
  'instances',
  'main',
];

/** Runs where Redis is out of memory, too: what is under way must end. */
const flags = '#!lua flags=allow-oom\n';

let loaded: { source: string; digest: string } | undefined;

/** The script that decides on money, rate, slots and states, of one account in one Redis. */
export class StateScript {
  readonly #redis: Redis;
  readonly #tag: string;

  /** All keys begin with `tag`, whose braces keep them in one slot of a Redis Cluster. */
  constructor(redis: Redis, tag: string) {
    this.#redis = redis;
    this.#tag = tag;
  }

  /** Runs an operation; it takes effect whole or not at all, and again with the same token has the same effect. */
  async run<Answer>(operation: string, args: object, bytes?: Buffer): Promise<Answer> {
    const { source, digest } = (loaded ??= loadScript());
    const parameters = [this.#tag, operation, JSON.stringify(args), ...(bytes ? [bytes] : [])];
    const answer = await this.#redis.evalsha(digest, 1, ...parameters).catch((error: Error) => {
      if (!error.message.startsWith('NOSCRIPT')) throw error;
      return this.#redis.eval(source, 1, ...parameters);
    });
    return JSON.parse(String(answer)) as Answer;
  }
}

/** A token that no other attempt has. */
export function newToken(): string {
  return randomUUID();
}

function loadScript(): { source: string; digest: string } {
  const source = flags + files.map((name) => readFileSync(join(__dirname, 'state', `${name}.lua`), 'utf8')).join('\n');
  return { source, digest: createHash('sha1').update(source).digest('hex') };
}

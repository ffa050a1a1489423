import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** A real Redis, which others may use, too. */
export interface SharedRedis {
  url: string;
  /** A connection for looking into it. */
  client: Redis;
  /** Forgets all that it knows of an account with the prefix `test`. */
  forget(account: string): Promise<void>;
  /** Ends what the test has started. */
  stop(): Promise<void>;
}

/** A Redis that belongs to one test, alone on a port of 127.0.0.1. */
export interface TestRedis extends SharedRedis {
  port: number;
  /** Ends its process by a signal; what it has on disk stays. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port, with what is on its disk. */
  start(): Promise<void>;
  /** Holds it up (SIGSTOP) and lets it go on: commands hang in between. */
  pause(): void;
  resume(): void;
}

const { REDIS_URL: given = '', REQUIRE_REDIS: isRequired } = process.env;

/** Whether a redis-server is on the PATH. */
const hasServer = spawnSync('redis-server', ['--version']).status === 0;

/** `describe` for tests that stop their Redis or set it up: skipped without a redis-server, or failing where `REQUIRE_REDIS=yes`. */
export const describeWithRedis =
  hasServer || isRequired === 'yes' ? describe : skipSuite('no redis-server on the PATH');

/** `describe` for tests that leave Redis as it is, so that they run with the one of `REDIS_URL`, too. */
export const describeWithSharedRedis = given === '' ? describeWithRedis : describe;

/** `it` for a test among these that stops its Redis all the same. */
export const itWithOwnRedis =
  given === ''
    ? it
    : (title: string, test: Mocha.AsyncFunc) => it.skip(`${title} (skipped: REDIS_URL is not stopped)`, test);

function skipSuite(why: string): (title: string, body: (this: Mocha.Suite) => void) => Mocha.Suite | void {
  return (title, body) => describe.skip(`${title} (skipped: ${why})`, body);
}

/** The Redis of `REDIS_URL`, of which only keys of accounts with the prefix `test` are written; else one that is started. */
export async function openSharedRedis(): Promise<SharedRedis & Pick<TestRedis, 'kill' | 'start'>> {
  if (given === '') return startRedis();
  const client = new Redis(given);
  const refuse = (): Promise<void> => Promise.reject(new Error('The Redis of REDIS_URL is not stopped.'));
  return {
    url: given,
    client,
    forget: (account) => forget(client, account),
    stop: async () => client.disconnect(),
    kill: refuse,
    start: refuse,
  };
}

async function forget(client: Redis, account: string): Promise<void> {
  const keys = await client.keys(`{test:${account}}*`);
  if (keys.length > 0) await client.del(keys);
}

/** Starts a Redis in a new folder, with every write on disk before it is answered. */
export async function startRedis(further: string[] = []): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'nanogpt-redis-'));
  const port = await freePort();
  let child: ChildProcess | undefined;
  const client = new Redis({ port, host: '127.0.0.1', lazyConnect: true, maxRetriesPerRequest: 20 });
  client.on('error', () => undefined);
  const redis: TestRedis = {
    url: `redis://127.0.0.1:${port}`,
    port,
    client,
    forget: (account) => forget(client, account),
    async start() {
      const settings = [
        '--save',
        '',
        '--appendonly',
        'yes',
        '--appendfsync',
        'always',
        '--maxmemory-policy',
        'noeviction',
      ];
      const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
      child = spawn('redis-server', [...place, ...settings, ...further], { stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise<void>((resolve, reject) => {
        child?.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
        child?.stdout?.setEncoding('utf8').on('data', (text: string) => {
          if (text.includes('Ready to accept connections')) resolve();
        });
      });
    },
    async kill(signal = 'SIGKILL') {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGCONT');
      child.kill(signal);
      await gone;
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async stop() {
      client.disconnect();
      await redis.kill();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  await redis.start();
  await client.connect();
  return redis;
}

/** A port of 127.0.0.1 that nothing listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** A real Redis of a test, alone on a port of 127.0.0.1. */
export interface TestRedis {
  url: string;
  port: number;
  /** A connection for looking into it. */
  client: Redis;
  /** Ends its process by a signal; what it has on disk stays. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port, with what is on its disk. */
  start(): Promise<void>;
  /** Holds it up (SIGSTOP) and lets it go on: commands hang in between. */
  pause(): void;
  resume(): void;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Whether a redis-server is on the PATH. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** `describe`, but skipped where there is no redis-server; where `REQUIRE_REDIS=yes` the tests then fail instead. */
export const describeWithRedis =
  hasRedis || process.env.REQUIRE_REDIS === 'yes'
    ? describe
    : (title: string, body: (this: Mocha.Suite) => void) =>
        describe.skip(`${title} (skipped: no redis-server on the PATH)`, body);

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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

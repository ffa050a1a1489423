/**
 * `npm run bench:cluster`: what sharing an account over Redis costs. Prints the time that a request takes longer than
 * without a cluster, the requests a second of 1, 2 and 4 workers in processes of their own, and the memory of Redis for
 * an image that waits to be delivered. Needs a redis-server.
 */
import { fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { Account } = require('../dist/src/account/account.js');
const { Redis } = require('ioredis');

const secret = 'the secret of the bench';
const folder = await mkdtemp(join(tmpdir(), 'nanogpt-bench-'));
const service = await startService(100_000);
const redis = await startRedis();
const client = new Redis({ port: redis.port, host: '127.0.0.1' });
const signal = new globalThis.AbortController().signal;
let accounts = 0;
/** End with this process, however it ends. */
const children = [redis.process];
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));
process.once('SIGTERM', () => process.exit(1));

await overhead();
for (const workers of [1, 2, 4]) await throughput(workers);
await memory();

client.disconnect();
redis.process.kill();
service.server.close();
service.server.closeAllConnections();
await rm(folder, { recursive: true, force: true });
process.exit();

/** The median of requests one after another, with and without a cluster. */
async function overhead() {
  const times = [];
  for (const cluster of [undefined, settingsFor('both')]) {
    const account = open(cluster);
    const each = [];
    for (let count = 0; count < 120; count++) {
      const begin = performance.now();
      await ask(account);
      if (count >= 20) each.push(performance.now() - begin);
    }
    times.push(each.sort((one, other) => one - other)[each.length / 2]);
    account.close();
  }
  console.log(`a request alone ${times[0].toFixed(1)} ms, over a cluster ${times[1].toFixed(1)} ms (100 kB an image)`);
}

/** Requests a second that so many workers send for one that asks. */
async function throughput(workers) {
  const cluster = settingsFor('ask');
  const started = await Promise.all(Array.from({ length: workers }, () => startWorker(cluster)));
  const account = open(cluster);
  await account.clusterState();
  await ask(account);
  const begin = performance.now();
  const count = 500;
  await Promise.all(Array.from({ length: count }, () => ask(account)));
  const seconds = (performance.now() - begin) / 1000;
  console.log(`${workers} worker${workers > 1 ? 's' : ''}: ${Math.round(count / seconds)} requests a second`);
  account.close();
  for (const worker of started) worker.kill('SIGKILL');
}

/** What an image takes in Redis between its answer and its delivery. */
async function memory() {
  const account = open(settingsFor('both'));
  await ask(account);
  const before = await usedMemory();
  for (let count = 0; count < 100; count++) await ask(account, { onResult: () => undefined });
  const each = ((await usedMemory()) - before) / 100;
  console.log(`an undelivered image of 100 kB takes ${Math.round(each / 1000)} kB in Redis`);
  account.close();
}

function settingsFor(role) {
  accounts += 1;
  const names = { prefix: 'bench', account: `a${accounts}`, replicas: '', timezone: 'UTC' };
  return { url: `redis://127.0.0.1:${redis.port}`, password: '', secret, role, ...names };
}

function open(cluster) {
  return new Account(
    {
      ...{ service: 'compatible', edits: '', baseUrl: service.url, apiKey: 'sk', model: 'm', timeout: 60_000 },
      ...{ concurrency: 64, perMinute: 0, queueLimit: 10_000, retries: 0, retryUnknown: false, imageUrls: 'public' },
      ...{ budgetPeriod: 'day', history: 'off', historyMegabytes: 1, cluster },
    },
    { storage: { directory: join(folder, randomBytes(4).toString('hex')), name: 'account' } },
  );
}

function ask(account, options = {}) {
  return account.generate({ prompt: 'a fox', images: [], extra: {} }, { signal, ...options });
}

async function startWorker({ url, prefix, account }) {
  const command = fileURLToPath(new URL('../dist/src/cluster/worker-command.js', import.meta.url));
  const args = ['--account', account, '--redis', url, '--prefix', prefix, '--service', 'compatible'];
  const worker = fork(command, [...args, '--directory', join(folder, randomBytes(4).toString('hex'))], {
    env: { ...process.env, NANOGPT_API_KEY: 'sk', NANOGPT_CLUSTER_SECRET: secret, NANOGPT_BASE_URL: service.url },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  children.push(worker);
  await once(worker.stdout, 'data');
  return worker;
}

/** Answers at once with an image of so many bytes. */
async function startService(bytes) {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const image = Buffer.concat([png, randomBytes(bytes - png.length)]);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data: [{ b64_json: image.toString('base64') }] }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

async function startRedis() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const started = spawn('redis-server', [...place, '--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec']);
  await sleep(300);
  return { process: started, port };
}

async function usedMemory() {
  return Number(/used_memory:(\d+)/.exec(await client.info('memory'))[1]);
}

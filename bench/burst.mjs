/**
 * `npm run bench:burst`: 10,000 messages at once through one account, at concurrency 64, against a
 * service that fails in every way. Prints how long it took and the most memory it needed, and
 * fails where a message did not end, was sent again though it may have been paid for, or says that
 * it was free though it may not have been. `--seed N` repeats a run.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { Account } = require('../dist/src/account/account.js');
const { ImageError } = require('../dist/src/errors.js');

const count = 10_000;
const concurrency = 64;
const given = process.argv.indexOf('--seed');
const seed = given < 0 ? Math.floor(Math.random() * 1e9) : Number(process.argv[given + 1]);

const server = fork(fileURLToPath(new URL('../test/helpers/burst-server.ts', import.meta.url)), [String(seed)], {
  execArgv: ['--import', 'tsx'],
});
const [{ port }] = await once(server, 'message');

const account = new Account(
  {
    service: 'nanogpt',
    edits: 'json',
    baseUrl: `http://127.0.0.1:${port}`,
    apiKey: 'sk-nano-of-the-bench',
    model: '',
    timeout: 2000,
    concurrency,
    perMinute: 0,
    queueLimit: count,
    retries: 2,
    retryUnknown: false,
    imageUrls: 'public',
    budgetPeriod: 'day',
    proxy: { url: 'http://127.0.0.1:9', noProxy: ['.'] },
  },
  // The shortest waits between tries: it is the account that is measured, not its patience.
  { random: () => 0.01 },
);

/** One message: what it led to, under the number that is its prompt. */
async function run(number) {
  const stop = new globalThis.AbortController();
  if (number % 20 === 0)
    setTimeout(() => stop.abort(new ImageError('cancelled', 'cancelled')), Math.random() * 3000).unref();
  try {
    await account.generate({ prompt: String(number), images: [], extra: {} }, { signal: stop.signal });
    return { code: 'made' };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return { code: error.code, charged: error.charged };
  }
}

await run(count);
const before = process.memoryUsage.rss();
let peak = before;
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 10);
const start = performance.now();
const all = Array.from({ length: count }, (_, number) => run(number));
await nextTurn();
const afterStart = process.memoryUsage.rss();
const ends = await Promise.all(all);
const seconds = (performance.now() - start) / 1000;
clearInterval(watch);
account.close();

server.send('report');
const [{ spent, seen }] = await once(server, 'message');
const times = new Map(spent);
const broken = [
  ...(ends.length === count ? [] : [`${ends.length} of ${count} messages ended`]),
  ...spent
    .filter(([, number]) => number > 1)
    .map(([prompt, number]) => `message ${prompt} may have been charged ${number} times`),
  ...ends.flatMap(({ code, charged }, number) =>
    charged === 'no' && times.has(String(number))
      ? [`message ${number} (${code}) says it was free, but may have been charged`]
      : [],
  ),
  ...ends.flatMap(({ code }, number) =>
    code === 'made' && !times.has(String(number)) ? [`message ${number} got an image that was never made`] : [],
  ),
];

const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;
const codes = {};
for (const { code } of ends) codes[code] = (codes[code] ?? 0) + 1;
console.log(
  `seed ${seed}: ${count} messages, concurrency ${concurrency}, ${seen.POST} requests, ${seen.GET} downloads`,
);
console.log(
  Object.entries(codes)
    .map(([code, number]) => `${code} ${number}`)
    .join(', '),
);
console.log(
  `duration ${seconds.toFixed(1)} s, memory ${megabytes(before)} before, ${megabytes(afterStart)} with all waiting, ${megabytes(peak)} at most`,
);
for (const line of broken) console.log(`✖ ${line}`);
console.log(broken.length === 0 ? '✔ the invariants hold' : `✖ ${broken.length} violations`);
process.exitCode = broken.length === 0 ? 0 : 1;

/**
 * What keeping the books costs: time of the event loop and of the CPU for each booking (money set aside before a
 * request, booked after it), and how long it takes to read a month of 100,000 lines. `node bench/ledger.mjs`, after
 * `npm run build`.
 */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { median } from './median.mjs';
import { Budget } from '../dist/src/spending/budget.js';
import { systemClock } from '../dist/src/clock.js';
import { monthName } from '../dist/src/spending/ledger-file.js';

const bookings = 10_000;
const rounds = 7;
const lines = 100_000;
const { signal } = new globalThis.AbortController();
const folder = mkdtempSync(join(tmpdir(), 'nanogpt-bench-'));

const open = (name) => {
  const fail = (cause) => {
    throw new Error(`The books are not on disk: ${cause}`);
  };
  return new Budget(
    { limit: 1e9, period: 'month' },
    { clock: systemClock, directory: join(folder, name), onMemoryOnly: fail, onLeftOver: fail },
  );
};

/** So many bookings, each with its two lines, `parallel` of them at a time. */
async function book(budget, parallel) {
  const one = async () =>
    (await budget.reserve({ model: 'hidream', n: 1, price: 0.01 }, signal)).settle({ at: 'paid', cost: 0.01 });
  for (let done = 0; done < bookings; done += parallel) await Promise.all(Array.from({ length: parallel }, one));
}

/** Microseconds for each booking, medians of the rounds: of the event loop's time, and of the CPU of all threads. */
async function measure(parallel) {
  const budget = open(`parallel-${parallel}`);
  await book(budget, parallel);
  const [loop, cpu] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const [before, used] = [performance.eventLoopUtilization(), process.cpuUsage()];
    await book(budget, parallel);
    const { user, system } = process.cpuUsage(used);
    loop.push((performance.eventLoopUtilization(before).active * 1000) / bookings);
    cpu.push((user + system) / bookings);
  }
  budget.close();
  return { 'at a time': parallel, 'event loop, µs': median(loop).toFixed(1), 'CPU, µs': median(cpu).toFixed(1) };
}

/** Milliseconds to read a month, and the longest time in between in which nothing else could run. */
async function read() {
  const now = Date.now();
  mkdirSync(join(folder, 'read'));
  const file = join(folder, 'read', `${monthName(now)}.jsonl`);
  for (let id = 0; id < lines / 2; id++) {
    const sent = {
      v: 1,
      t: now,
      id: `0b0b0b0b-0b0b-4b0b-8b0b-${String(id).padStart(12, '0')}`,
      at: 'sent',
      model: 'hidream',
      n: 1,
      estimate: 0.01,
      currency: 'USD',
    };
    appendFileSync(
      file,
      `${JSON.stringify(sent)}\n${JSON.stringify({ v: 1, t: now, id: sent.id, at: 'paid', cost: 0.01 })}\n`,
    );
  }
  let [last, longest] = [performance.now(), 0];
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last - 1);
    last = performance.now();
  }, 1);
  const started = performance.now();
  const { month } = await open('read').spending();
  const took = performance.now() - started;
  await new Promise((resolve) => setTimeout(resolve, 2));
  clearInterval(beat);
  if (Math.round(month) !== lines / 200) throw new Error(`${month} is not what is in the books`);
  return { lines, 'time, ms': took.toFixed(0), 'longest hold, ms': longest.toFixed(1) };
}

try {
  console.log(`${bookings} bookings, the median of ${rounds} rounds`);
  console.table([await measure(1), await measure(8), await measure(64)]);
  console.log('Reading a month');
  console.table([await read()]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * One measurement in a process of its own: `node --expose-gc measure.mjs '{"contender": "ours", "server": "https://...", ...}'`
 * prints its result as JSON.
 */
import { randomBytes } from 'node:crypto';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { contenders } from './contenders.mjs';
import { allocations } from './allocations.mjs';
import { forgetPeak, resident } from './resident.mjs';

const scenario = JSON.parse(process.argv[2]);
const {
  contender,
  server,
  what,
  n,
  bytes,
  format = 'b64_json',
  concurrency = 1,
  requests = 1,
  input,
  history,
} = scenario;

/**
 * Two requests for one image to warm up, but as many as the code needs to be compiled where allocations are counted.
 */
const warmUps = { time: 2, memory: 2, allocations: 30 };
const measurements = { time, memory, allocations: () => allocations(() => ask(generate, n), n, bytes) };

const image = input && png(input);
if (scenario.start === 'cold') {
  await quiet();
  report(await cold());
}
const generate = await contenders[contender](server, history);
for (let warmUp = 0; warmUp < warmUps[what]; warmUp++) await ask(generate, 1);
await quiet();
globalThis.gc();
await quiet();
report(await measurements[what]());

function report(result) {
  console.log(JSON.stringify(result));
  process.exit();
}

function ask(through, count) {
  return through({ prompt: `${bytes} bytes`, n: count, response_format: format, ...(image && { image }) });
}

/** Waits for the helper threads: undici's parser, say, is compiled once in a process, which takes 150 ms and 30 MB. */
async function quiet() {
  for (let busy = true; busy;) {
    const before = process.cpuUsage();
    await setTimeout(50);
    const { user, system } = process.cpuUsage(before);
    busy = user + system > 2000;
  }
}

/**
 * The first request of a process, with all that is loaded and compiled
 * for it, also where that ends after the images are there.
 */
async function cold() {
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  await ask(await contenders[contender](server), n);
  const wall = performance.now() - start;
  await quiet();
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: (user + system) / 1000 / n, wall: wall / n, stall: 0 };
}

/**
 * CPU of the whole process, its helper threads included, and time, per
 * image; the longest time that nothing else could run.
 */
async function time() {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  for (let done = 0; done < requests; done++)
    await Promise.all(Array.from({ length: concurrency }, () => ask(generate, n)));
  const [{ user, system }, wall] = [process.cpuUsage(cpu), performance.now() - start];
  delay.disable();
  const images = n * requests * concurrency;
  return { cpu: (user + system) / 1000 / images, wall: wall / images, stall: delay.max / 1e6 };
}

/** How far the resident memory rises above what it was before, and that in lengths of the images. */
async function memory() {
  const before = resident('VmRSS');
  forgetPeak();
  await Promise.all(Array.from({ length: concurrency }, () => ask(generate, n)));
  const growth = resident('VmHWM') - before;
  return { growth, lengths: growth / (n * concurrency * bytes) };
}

function png(size) {
  const header = Buffer.from('89504e470d0a1a0a0000000d49484452000004000000040008060000007f1d2b83', 'hex');
  return Buffer.concat([header, randomBytes(size - header.length)]);
}

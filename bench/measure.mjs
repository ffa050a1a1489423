/** One measurement in a process of its own: `node --expose-gc measure.mjs '{"contender": "ours", "server": "http://...", ...}'` prints its result as JSON. */
import { setTimeout } from 'node:timers/promises';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { randomBytes } from 'node:crypto';
import { contenders } from './contenders.mjs';
import { forgetPeak, resident } from './resident.mjs';

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
} = JSON.parse(process.argv[2]);
const generate = await contenders[contender](server);
const ask = (count) =>
  generate({ prompt: `${bytes} bytes`, n: count, response_format: format, ...(input && { image: png(input) }) });

for (let warmUp = 0; warmUp < 2; warmUp++) await ask(1);
await quiet();
globalThis.gc();
await quiet();
console.log(JSON.stringify(what === 'memory' ? await memory() : await time()));
process.exit();

/** Waits for what the warm-up left to the helper threads: undici's parser, say, is compiled once in a process, which takes 150 ms and 30 MB. */
async function quiet() {
  for (let busy = true; busy;) {
    const before = process.cpuUsage();
    await setTimeout(50);
    const { user, system } = process.cpuUsage(before);
    busy = user + system > 2000;
  }
}

/** CPU of the whole process, its helper threads included, and time, per image; the longest time that nothing else could run. */
async function time() {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  for (let done = 0; done < requests; done++) await Promise.all(Array.from({ length: concurrency }, () => ask(n)));
  const [{ user, system }, wall] = [process.cpuUsage(cpu), performance.now() - start];
  delay.disable();
  const images = n * requests * concurrency;
  return { cpu: (user + system) / 1000 / images, wall: wall / images, stall: delay.max / 1e6 };
}

/** How far the resident memory rises during one request above what it was before, and that in lengths of the images. */
async function memory() {
  const before = resident('VmRSS');
  forgetPeak();
  const images = await ask(n);
  const growth = resident('VmHWM') - before;
  return { growth, lengths: growth / (n * bytes), images: images?.length ?? 0 };
}

function png(size) {
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a0000000d49484452000004000000040008060000007f1d2b83', 'hex'),
    randomBytes(size - 33),
  ]);
}

/**
 * 10,000 messages at once through the image node in a Node-RED of its own process, 64 requests at a time, each for a
 * small image: `node --expose-gc many.mjs SERVER` prints how long that takes in seconds, its CPU, and the most memory
 * of the process, as JSON.
 */
import { performance } from 'node:perf_hooks';
import { loadFlow } from './load-flow.mjs';
import { forgetPeak, resident } from './resident.mjs';

const count = 10_000;
const server = process.argv[2];
const { image, out } = await loadFlow(server, { concurrency: 64, queueLimit: count });

/** Sends so many messages in one go; resolves when the image of each has come out. */
function send(number) {
  return new Promise((resolve, reject) => {
    let left = number;
    const take = ({ payload }) => {
      if (payload.length !== 1000) return reject(new Error('No image came out.'));
      left -= 1;
      if (left > 0) return;
      out.off('input', take);
      resolve();
    };
    out.on('input', take);
    for (let sent = 0; sent < number; sent++) image.receive({ payload: '1000 bytes' });
  });
}

await send(100);
globalThis.gc();
const before = resident('VmRSS');
forgetPeak();
const [cpu, start] = [process.cpuUsage(), performance.now()];
await send(count);
const wall = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(cpu);
const peak = resident('VmHWM');
console.log(JSON.stringify({ wall, cpu: (user + system) / 1e6, peak, growth: peak - before }));
process.exit();

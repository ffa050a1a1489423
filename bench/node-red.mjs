/**
 * One message through the image node in a running Node-RED, flow in, flow out, against the bare client: `node node-red.mjs SERVER`
 * prints the median of each in milliseconds, as JSON. They take turns in one process, with a small image.
 */
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { contenders } from './contenders.mjs';
import { loadFlow } from './load-flow.mjs';
import { median } from './median.mjs';

const server = process.argv[2];
const prompt = '1000 bytes';
const rounds = 300;

const bare = contenders.ours(server);
const { image, out } = await loadFlow(server);

async function throughNode() {
  const arrived = once(out, 'input');
  image.receive({ payload: prompt });
  const [{ payload }] = await arrived;
  if (payload.length !== 1000) throw new Error('No image came out.');
}

async function timed(action) {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

const times = { node: [], client: [] };
for (let round = -30; round < rounds; round++) {
  const [node, client] = [await timed(throughNode), await timed(() => bare({ prompt, n: 1 }))];
  if (round < 0) continue;
  times.node.push(node);
  times.client.push(client);
}
console.log(JSON.stringify({ node: median(times.node), client: median(times.client) }));
process.exit();

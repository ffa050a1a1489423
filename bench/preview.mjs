/**
 * `node bench/preview.mjs`, after `npm run build`: what the preview under a node costs. Bursts of 200 messages with
 * images of 1024x1024 go through a node with preview and one without, in turn, in one Node-RED with its editor open in
 * a real browser. Prints the CPU of Node-RED for an image, and the bytes that came over the editor's websocket.
 */
import { createServer } from 'node:http';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';
import sharp from 'sharp';
import { median } from './median.mjs';
import { startNodeRed } from './running-node-red.mjs';

const messages = 200;
const rounds = 5;
/** Milliseconds in which the editor still fetches after a burst. */
const afterwards = 3000;

const side = 1024;
const raw = { width: side, height: side, channels: 3 };
const image = await sharp(randomBytes(side * side * 3), { raw })
  .blur(1)
  .png()
  .toBuffer();
const answer = JSON.stringify({ data: [{ b64_json: image.toString('base64') }], cost: 0.01, paymentSource: 'USD' });
const service = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(answer));
});
await once(service.listen(0, '127.0.0.1'), 'listening');

const at = (x, y) => ({ z: 'tab', x, y });
const send = `for (let number = 0; number < ${messages}; number++) node.send({ payload: 'fox ' + number });`;
const count = `let done = (context.get('done') ?? 0) + 1; if (done === ${messages}) { node.warn('burst is through'); done = 0; } context.set('done', done);`;
const base = { type: 'nanogpt-image', account: 'account', wires: [['count']] };
const nodeRed = await startNodeRed({
  flows: [
    { id: 'tab', type: 'tab', label: 'bench' },
    {
      ...{ id: 'account', type: 'nanogpt-config', service: 'compatible', model: 'bench', concurrency: 8, perMinute: 0 },
      ...{ baseUrl: `http://127.0.0.1:${service.address().port}` },
    },
    ...[true, false].flatMap((preview, index) => [
      {
        id: `press-${preview}`,
        type: 'inject',
        props: [],
        wires: [[`burst-${preview}`]],
        ...at(100, 80 + 200 * index),
      },
      {
        id: `burst-${preview}`,
        type: 'function',
        func: send,
        wires: [[`image-${preview}`]],
        ...at(250, 80 + 200 * index),
      },
      { ...base, id: `image-${preview}`, preview, ...at(420, 80 + 200 * index) },
    ]),
    { id: 'count', type: 'function', func: count, wires: [[]], ...at(600, 180) },
  ],
});

const browser = await playwright.launch({
  executablePath: process.env.CHROMIUM_PATH ?? (await chromium.executablePath()),
  headless: true,
});
let received = 0;
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => (received += payload.length)));
await page.goto(nodeRed.url);
await page.locator('[id="image-true"]').waitFor();

/** One burst: milliseconds of CPU and bytes of the websocket for each image. */
async function burst(preview) {
  const [from, bytes, { cpu }] = [nodeRed.logLength(), received, await nodeRed.usage()];
  await fetch(`${nodeRed.url}/inject/press-${preview}`, { method: 'POST' });
  await nodeRed.logged('burst is through', from);
  await setTimeout(afterwards);
  return { cpu: ((await nodeRed.usage()).cpu - cpu) / messages, bytes: (received - bytes) / messages };
}

try {
  for (const preview of [true, false]) await burst(preview);
  const results = { true: [], false: [] };
  for (let round = 0; round < rounds; round++)
    for (const preview of round % 2 ? [true, false] : [false, true]) results[preview].push(await burst(preview));
  const [on, off] = ['true', 'false'].map((preview) => ({
    'CPU for an image, ms': median(results[preview].map(({ cpu }) => cpu)).toFixed(2),
    'websocket for an image, bytes': Math.round(median(results[preview].map(({ bytes }) => bytes))),
  }));
  console.log(`${messages} messages, images of ${(image.length / 1e6).toFixed(1)} MB, medians of ${rounds} rounds`);
  console.table({ 'with preview': on, without: off });
  console.log(`ratio ${(on['CPU for an image, ms'] / off['CPU for an image, ms']).toFixed(2)}`);
  console.log(`previews shown: ${await page.locator('.nanogpt-preview').count()}`);
} finally {
  await browser.close();
  await nodeRed.stop();
  service.close();
}

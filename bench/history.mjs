/**
 * `node bench/history.mjs`, after `npm run build`: what 10,000 images on disk cost. Starts Node-RED with and without
 * them, in turn, and asks for the first page of the tab, for its thumbnails, and for a search. Prints milliseconds and
 * the memory of Node-RED.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import sharp from 'sharp';
import { median } from './median.mjs';
import { startNodeRed } from './running-node-red.mjs';

const images = 10_000;
const days = 20;
const rounds = 3;
const account = 'account';
const flows = [
  { id: 'tab', type: 'tab', label: 'bench' },
  { id: account, type: 'nanogpt-config', service: 'sandbox', history: 'disk', historyMegabytes: 10_000 },
  { id: 'image', type: 'nanogpt-image', account, z: 'tab', x: 100, y: 100, wires: [[]] },
];

const folder = await mkdtemp(join(tmpdir(), 'nanogpt-bench-'));
try {
  await fill(join(folder, 'history', account));
  const results = { none: [], all: [] };
  for (let round = 0; round < rounds; round++) {
    results.none.push(await measure());
    results.all.push(await measure(folder));
  }
  console.log(`${images} images on ${days} days, medians of ${rounds} rounds`);
  console.table({ 'without images': medians(results.none), [`${images} images`]: medians(results.all) });
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** A folder a day, as the history writes it. */
async function fill(directory) {
  const content = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
  for (let number = 0; number < days; number++) {
    const date = new Date(Date.now() - (days - 1 - number) * 24 * 3600_000);
    const two = (value) => String(value).padStart(2, '0');
    const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
    const lines = [];
    await mkdir(join(directory, day), { recursive: true });
    for (let index = 0; index < images / days; index++) {
      const filename = `a-fox-${day.replaceAll('-', '')}-120000-${index + 1}.png`;
      await writeFile(join(directory, day, filename), content);
      const what = {
        prompt: `A fox at night, number ${index}`,
        mode: 'text-to-image',
        mime: 'image/png',
        extension: 'png',
      };
      const size = { bytes: content.length, width: 64, height: 64, index: 0, count: 1 };
      const item = { v: 1, id: `${day}/${filename}`, time: date.getTime(), requestId: `${day} ${index}`, filename };
      lines.push(JSON.stringify({ ...item, ...what, ...size, sha256: '' }));
    }
    await writeFile(join(directory, day, 'index.jsonl'), `${lines.join('\n')}\n`);
  }
}

async function measure(storage) {
  const nodeRed = await startNodeRed({ flows, storage });
  try {
    const { rss } = await nodeRed.usage();
    const ask = async (path) => {
      const start = performance.now();
      const response = await fetch(`${nodeRed.url}/nanogpt-image/${path}`);
      const content = await response.arrayBuffer();
      return { took: performance.now() - start, content };
    };
    const first = await ask('history');
    const again = await ask('history');
    const { items } = JSON.parse(Buffer.from(again.content).toString());
    const start = performance.now();
    await Promise.all(items.map(({ id }) => ask(`thumbnails/${encodeURIComponent(id)}`)));
    const thumbnails = performance.now() - start;
    const { took: search } = await ask('history?search=nothing');
    const grown = (await nodeRed.usage()).rss - rss;
    return {
      started: nodeRed.started,
      first: first.took,
      again: again.took,
      thumbnails,
      search,
      megabytes: grown / 1e6,
    };
  } finally {
    await nodeRed.stop();
  }
}

function medians(samples) {
  const value = (name) => Math.round(median(samples.map((sample) => sample[name])));
  return {
    'start, ms': value('started'),
    'first page, ms': value('first'),
    'page again, ms': value('again'),
    'its thumbnails, ms': value('thumbnails'),
    'search of all, ms': value('search'),
    'memory grown, MB': value('megabytes'),
  };
}

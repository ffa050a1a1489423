/**
 * How long fitting a 12-megapixel JPEG of 7 to 8 MB into a request of 4 MB takes, how long it holds the event loop and
 * how much memory the process needs: through this package, through sharp as its documentation calls it for the same
 * result, and through jimp. Usage, after `npm run build` and `npm install --prefix bench`: node bench/fit.mjs, with
 * `--only sharp` without jimp.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Loading a library is not measured: this package requires sharp with the first image that needs it, as here. */
const sharp = process.argv[2] === 'jimp' ? undefined : createRequire(import.meta.url)('sharp');

const ways = {
  async fit(bytes) {
    const { fitImages } = await import('../dist/src/image/fit-images.js');
    const { nanogpt } = await import('../dist/src/api/dialects/nanogpt.js');
    const measure = (images) => nanogpt.prepare({ prompt: 'a red fox', extra: {}, ...images }).body.length;
    const options = { rules: nanogpt.images, measure, signal: new globalThis.AbortController().signal };
    return async () => {
      const { images, warnings } = await fitImages(
        { images: [{ bytes, mime: 'image/jpeg', width: 4000, height: 3000, orientation: 6, name: 'camera.jpg' }] },
        options,
      );
      return `${warnings[0].message}; request of ${measure({ images })} bytes`;
    };
  },
  /** The same image in one go: it is told the size and quality that fit, which it would have to find out. */
  async sharp(bytes, [width, height]) {
    return async () => {
      const { data, info } = await sharp(bytes)
        .autoOrient()
        .resize(width, height)
        .jpeg({ quality: 80 })
        .toBuffer({ resolveWithObject: true });
      return `${info.width}x${info.height} JPEG, ${(data.length / 1e6).toFixed(1)} MB`;
    };
  },
  /** As sharp. */
  async jimp(bytes, [w, h]) {
    const { Jimp } = await import('jimp');
    return async () => {
      const image = await Jimp.read(bytes);
      const made = await image.resize({ w, h }).getBuffer('image/jpeg', { quality: 80 });
      return `${image.width}x${image.height} JPEG, ${(made.length / 1e6).toFixed(1)} MB`;
    };
  },
};

const onlySharp = process.argv[2] === '--only';
const [way, file, width, height] = onlySharp ? [] : process.argv.slice(2);
if (way === undefined) await compare();
else if (way === 'camera') await writeFile(file, await camera());
else await measure(way, file, [Number(width), Number(height)]);

/** Each way in a process of its own, so that its memory is its own too. */
async function compare() {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const self = (...args) =>
    execFileSync(process.execPath, [fileURLToPath(import.meta.url), ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  try {
    const photo = join(folder, 'camera.jpg');
    self('camera', photo);
    const fitted = self('fit', photo);
    console.log(fitted.trimEnd());
    const size = /-> (\d+)x(\d+)/.exec(fitted).slice(1);
    for (const other of ['sharp', ...(onlySharp ? [] : ['jimp'])]) console.log(self(other, photo, ...size).trimEnd());
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(name, photo, size) {
  const before = process.memoryUsage.rss();
  const run = await ways[name](await readFile(photo), size);
  for (const round of ['first', 'second', 'third']) {
    const stalls = watchStalls();
    const start = performance.now();
    const said = await run();
    const wall = performance.now() - start;
    const peak = process.resourceUsage().maxRSS * 1024;
    console.log(
      `${name}, ${round} time: ${wall.toFixed(0)} ms, longest stall ${(await stalls()).toFixed(1)} ms, peak RSS ${megabytes(peak)} (${megabytes(before)} before) | ${said}`,
    );
  }
}

/** Until it is called: how long the event loop was held at most, in milliseconds. A turn of it takes 1 ms here. */
function watchStalls() {
  let [last, longest] = [performance.now(), 0];
  const look = () => {
    const now = performance.now();
    [last, longest] = [now, Math.max(longest, now - last)];
  };
  const timer = setInterval(look, 1);
  return async () => {
    await sleep(5);
    clearInterval(timer);
    look();
    return longest;
  };
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

/** Clouds of colour with grain, as a camera held upright stores them. */
async function camera() {
  const [width, height] = [4000, 3000];
  const layer = (cell, sigma) =>
    sharp({
      create: {
        width: Math.ceil(width / cell),
        height: Math.ceil(height / cell),
        channels: 3,
        background: 'grey',
        noise: { type: 'gaussian', mean: 128, sigma },
      },
    })
      .resize(width, height, { fit: 'fill' })
      .png({ compressionLevel: 0 })
      .toBuffer();
  const [clouds, shapes, grain] = await Promise.all([layer(700, 70), layer(24, 40), layer(1, 9)]);
  const mixed = await sharp(clouds)
    .composite([
      { input: shapes, blend: 'overlay' },
      { input: grain, blend: 'overlay' },
    ])
    .raw()
    .toBuffer();
  for (let quality = 97; quality > 50; quality -= 1) {
    const bytes = await sharp(mixed, { raw: { width, height, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .jpeg({ quality })
      .toBuffer();
    if (bytes.length < 8e6) return bytes;
  }
  throw new Error('No quality gives less than 8 MB.');
}

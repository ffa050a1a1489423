import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { temporaryFolder } from '../helpers/packed.js';
import type { MemoryOrder, MemoryReport } from './memory-target.js';

/** Most memory of a process that makes one image fit, in bytes; an idle one takes about 100 MB of them. */
const most = 400_000_000;

/** An image of so many megapixels, white on its left half, which may be its own mask. */
function canvas(megapixels: number, channels: 3 | 4 = 3): Sharp {
  const side = Math.floor(Math.sqrt(megapixels * 1e6));
  const white = { create: { width: Math.floor(side / 2), height: side, channels: 3 as const, background: 'white' } };
  const background = { r: 0, g: 0, b: 0, alpha: channels === 4 ? 0.9 : 1 };
  return sharp({ create: { width: side, height: side, channels, background }, limitInputPixels: false }).composite([
    { input: white, left: 0, top: 0 },
  ]);
}

/** The largest of each format; the dearest is played always, the others where the command line says `--whole`. */
const rows: { format: string; isDearest?: true; make: () => Sharp }[] = [
  { format: 'a PNG of 100 megapixels', make: () => canvas(100, 4).png({ compressionLevel: 1 }) },
  {
    format: 'an interlaced PNG of 24 megapixels',
    make: () => canvas(24, 4).png({ progressive: true, compressionLevel: 1 }),
  },
  { format: 'a JPEG of 260 megapixels', make: () => canvas(260).jpeg() },
  {
    format: 'a progressive JPEG of 40 megapixels',
    make: () => canvas(40).jpeg({ progressive: true, optimiseCoding: false }),
  },
  { format: 'a WebP of 20 megapixels', make: () => canvas(20, 4).webp({ effort: 0, lossless: true }) },
  { format: 'a lossy WebP of 20 megapixels', make: () => canvas(20).webp({ effort: 0 }) },
  { format: 'a GIF of 24 megapixels', make: () => canvas(24).gif({ effort: 1 }) },
  { format: 'an AVIF of 8 megapixels', isDearest: true, make: () => canvas(7.9, 4).avif({ effort: 0 }) },
];

const isWhole = process.argv.includes('--whole');

describe('the largest image that is taken, made to fit with a mask as large', function () {
  this.timeout(120_000);

  for (const { format, make } of rows.filter(({ isDearest }) => isWhole || isDearest)) {
    it(`leaves the process under ${most / 1e6} MB: ${format}`, async () => {
      const file = join(temporaryFolder(), 'image');
      await writeFile(file, await make().toBuffer());
      const { code, memory } = await measure({ image: file, mask: file });
      assert.equal(code, 'fits');
      assert.ok(memory < most, `${Math.round(memory / 1e6)} MB`);
    });
  }
});

async function measure(order: MemoryOrder): Promise<MemoryReport> {
  const target = fork(join(__dirname, 'memory-target.ts'), { execArgv: ['--expose-gc', '--import', 'tsx'] });
  try {
    return await new Promise<MemoryReport>((resolve, reject) => {
      target.once('message', resolve).once('exit', () => reject(new Error('the process died')));
      target.send(order);
    });
  } finally {
    target.removeAllListeners();
    target.kill();
  }
}

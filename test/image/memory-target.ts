import { readFileSync } from 'node:fs';
import { nanogpt } from '../../src/api/dialects/nanogpt.js';
import { ImageError } from '../../src/errors.js';
import { fitImages } from '../../src/image/fit-images.js';
import { forgetPeak, readPeak } from '../helpers/memory.js';
import { asImage, makeFitOptions } from '../helpers/photos.js';

/** Files that the measured process makes fit for NanoGPT. */
export interface MemoryOrder {
  image: string;
  mask: string;
}

export interface MemoryReport {
  /** A code, or `fits`. */
  code: string;
  /** Most memory of the process, in bytes. */
  memory: number;
}

/** So little that even an image of two colours is decoded and compressed. */
const body = 30_000;

/** Runs in a process of its own, so that its memory is measured alone. */
async function run({ image, mask }: MemoryOrder): Promise<MemoryReport> {
  const inputs = { images: [asImage(readFileSync(image))], mask: asImage(readFileSync(mask)) };
  forgetPeak();
  const code = await fitImages(inputs, makeFitOptions(body, nanogpt)).then(
    () => 'fits',
    (error: unknown) => (error instanceof ImageError ? error.code : String(error)),
  );
  return { code, memory: readPeak() };
}

process.on('message', (order: MemoryOrder) => void run(order).then((report) => process.send!(report)));

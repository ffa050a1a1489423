import { systemClock } from '../../src/clock.js';
import { DiskStore } from '../../src/history/disk-store.js';
import { chance } from '../helpers/random.js';

/** The bytes of the image with a number: the same in every process, of up to 1 MB. */
export function makeContent(number: number): Buffer {
  return Buffer.alloc(1000 + chance(number).below(1_000_000), `image ${number} `);
}

/** Images that wait for the disk at once, as with an account's requests. */
const concurrency = 4;

/** Keeps images one after the other, and tells the number of each to the process that is going to kill this one. */
async function keepImages(directory: string, first: number): Promise<void> {
  const onFailure = (cause: unknown): never => {
    throw cause;
  };
  const store = new DiskStore({ directory, mostBytes: 1e10, clock: systemClock, onFailure });
  const kept: Promise<unknown>[] = [];
  for (let number = first; ; number += 1) {
    const content = makeContent(number);
    const described = { prompt: 'a fox', mode: 'text-to-image', mime: 'image/png', extension: 'png' } as const;
    const filename = `a-fox-20261120-123000-${number}.png`;
    const place = { time: Date.now(), requestId: String(number), index: 0, count: 1, bytes: content.length };
    kept.push(store.add([{ ...described, ...place, filename, content }]));
    process.send!(number);
    if (kept.length >= concurrency) await kept.shift();
  }
}

if (require.main === module) void keepImages(process.argv[2]!, Number(process.argv[3]));

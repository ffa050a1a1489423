import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';

const rounds = 8;

/** The requests after which is counted what waits for a collection of the whole heap. */
const manyRequests = 200;

/**
 * What one image makes the garbage collector work for, the least of several requests: objects on the heap, in bytes,
 * and memory of Buffers, in lengths of the image. Counts what a request adds where no collection fell into it, so it
 * needs a young generation that is large enough (`--min-semi-space-size`). `old` is what collections of the young
 * generation leave of an image although nothing needs it any more, in bytes.
 */
export async function allocations(request, n, bytes) {
  const counts = [];
  let collections = 0;
  const observer = new PerformanceObserver((list) => (collections += list.getEntries().length));
  observer.observe({ entryTypes: ['gc'] });
  for (let round = 0; round < rounds; round++) {
    globalThis.gc();
    await setTimeout(20);
    const [before, start] = [collections, process.memoryUsage()];
    await request();
    const end = process.memoryUsage();
    await setTimeout(20);
    if (collections > before) continue;
    counts.push({
      heap: (end.heapUsed - start.heapUsed) / n,
      buffers: (end.arrayBuffers - start.arrayBuffers) / n / bytes,
    });
  }
  observer.disconnect();
  if (counts.length === 0) throw new Error('The garbage collector ran in every request.');
  return {
    heap: Math.min(...counts.map(({ heap }) => heap)),
    buffers: Math.min(...counts.map(({ buffers }) => buffers)),
    old: (await leaveOld(request)) / n,
  };
}

async function leaveOld(request) {
  const minor = () => globalThis.gc({ type: 'minor' });
  globalThis.gc();
  for (let done = 0; done < manyRequests; done++) {
    await request();
    if (done % 20 === 19) minor();
  }
  // What is really young goes with the second.
  minor();
  minor();
  const { heapUsed } = process.memoryUsage();
  globalThis.gc();
  return (heapUsed - process.memoryUsage().heapUsed) / manyRequests;
}

import type { Sink } from './transport.js';

/** Keeps the chunks of a body up to `cap` bytes; beyond it `over` is given what came so far and throws. */
export function collect(cap: number, over: (bytes: Buffer) => never): Sink<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  return {
    write(chunk) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > cap) over(Buffer.concat(chunks));
    },
    end: () => Buffer.concat(chunks, length),
  };
}

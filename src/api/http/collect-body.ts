import type { Sink } from './sink.js';

/**
 * Collects a body of up to `cap` bytes in one Buffer of the `expected` length, which grows where needed. Over the cap,
 * `over` is called with what has arrived and throws.
 */
export function collectBody(cap: number, over: (bytes: Buffer) => never, expected = 0): Sink<Buffer> {
  let bytes: Buffer = Buffer.allocUnsafeSlow(Math.min(expected, cap));
  let length = 0;
  return {
    write(chunk) {
      const next = length + chunk.length;
      if (next > bytes.length) bytes = moved(bytes.subarray(0, length), Math.max(next, 2 * length));
      chunk.copy(bytes, length);
      length = next;
      if (length > cap) over(bytes.subarray(0, length));
    },
    end: () => (length === bytes.length ? bytes : moved(bytes.subarray(0, length), length)),
  };
}

function moved(bytes: Buffer, length: number): Buffer {
  const target = Buffer.allocUnsafeSlow(length);
  bytes.copy(target);
  return target;
}

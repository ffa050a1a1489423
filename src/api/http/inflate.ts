import { type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { ImageError } from '../../errors.js';
import type { Sink } from './sink.js';

const options = { chunkSize: 65_536 };

/** Makes a decoder from the first bytes of a body. */
type OpenDecoder = (start: Uint8Array) => Transform;

const decoders: Record<string, OpenDecoder> = {
  gzip: () => createGunzip(options),
  'x-gzip': () => createGunzip(options),
  // Some servers leave out the zlib header (RFC 9110 8.4.1.2).
  deflate: ([first = 0]) => ((first & 15) === 8 ? createInflate(options) : createInflateRaw(options)),
  br: () => createBrotliDecompress(options),
};

/**
 * The decoder for an encoding; names that change nothing, such as
 * `identity` and the `aws-chunked` of storage, do not count.
 */
function findDecoder(encoding = ''): OpenDecoder | undefined {
  const [found, ...more] = encoding.toLowerCase().split(',').flatMap((name) => decoders[name.trim()] ?? []); // prettier-ignore
  return more.length === 0 ? found : undefined;
}

/** Controls the flow of an answer. */
export interface Flow {
  /** Ends it at once. */
  fail(error: Error): void;
  pause(): void;
  resume(): void;
}

/**
 * A sink for a body that is compressed although we did not ask for it (RFC 9110 8.4.1); it passes the plain bytes to
 * `sink`. The flow ends at once where those are too many or broken, and pauses while decompression lags behind the
 * network: what waits would fill the memory. An unknown encoding is passed on unchanged.
 */
export function inflated<T>(encoding: string | undefined, sink: Sink<T>, flow: Flow): Sink<T | Promise<T>> {
  const open = findDecoder(encoding);
  if (!open) return sink;
  let start!: OpenDecoder;
  const done = new Promise<T>((resolve, reject) => {
    const stop = (error: Error): void => {
      decoder?.destroy();
      reject(error);
      flow.fail(error);
    };
    start = (chunk) =>
      open(chunk)
        .on('data', (plain: Buffer) => attempt(() => sink.write(plain), stop))
        .on('end', () => attempt(() => resolve(sink.end()), stop))
        .on('drain', () => flow.resume())
        .on('error', (error) => stop(new ImageError('bad_response', 'answer_not_inflated', {}, { cause: error })));
  });
  // After an exchange that ends early, nothing awaits the outcome.
  done.catch(() => undefined);
  let decoder: Transform | undefined;
  return {
    write(chunk) {
      decoder ??= start(chunk);
      if (!decoder.write(Buffer.from(chunk))) flow.pause();
    },
    end() {
      decoder ??= start(new Uint8Array());
      decoder.end();
      return done;
    },
  };
}

function attempt(action: () => void, stop: (error: Error) => void): void {
  try {
    action();
  } catch (error) {
    stop(error as Error);
  }
}

import { type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { ImageError } from '../../errors.js';
import type { Sink } from './sink.js';

const options = { chunkSize: 65_536 };

const decoders: Record<string, () => Transform> = {
  gzip: () => createGunzip(options),
  'x-gzip': () => createGunzip(options),
  deflate: () => createInflate(options),
  br: () => createBrotliDecompress(options),
};

/** Controls the flow of an answer. */
export interface Flow {
  /** Ends it at once. */
  fail(error: Error): void;
  pause(): void;
  resume(): void;
}

/**
 * A sink for a body that is compressed although we did not ask for it (RFC 9110 8.4.1); it passes the plain bytes to `sink`. The flow
 * ends at once where those are too many or broken, and pauses while decompression lags behind the network: what waits would fill the
 * memory. An unknown encoding is passed on unchanged.
 */
export function inflated<T>(encoding: string | undefined, sink: Sink<T>, flow: Flow): Sink<T | Promise<T>> {
  const decoder = decoders[encoding?.trim().toLowerCase() ?? '']?.();
  if (!decoder) return sink;
  const done = new Promise<T>((resolve, reject) => {
    const stop = (error: Error): void => {
      decoder.destroy();
      reject(error);
      flow.fail(error);
    };
    decoder.on('data', (chunk: Buffer) => attempt(() => sink.write(chunk), stop));
    decoder.on('end', () => attempt(() => resolve(sink.end()), stop));
    decoder.on('drain', () => flow.resume());
    decoder.on('error', (error) => stop(new ImageError('bad_response', 'answer_not_inflated', {}, { cause: error })));
  });
  // After an exchange that ends early, nothing awaits the outcome.
  done.catch(() => undefined);
  return {
    write(chunk) {
      if (!decoder.write(Buffer.from(chunk))) flow.pause();
    },
    end() {
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

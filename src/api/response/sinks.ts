import { ImageError } from '../../errors.js';
import { parseJson } from '../../json.js';
import { limits } from '../../limits.js';
import type { Redact } from '../../redact.js';
import { collectBody } from '../http/collect-body.js';
import type { Sink } from '../http/sink.js';
import type { ResponseHead } from '../http/transport.js';
import { type JsonBounds, boundedJson } from './json-bounds.js';
import { toFailure } from './to-failure.js';

/** Far more than the longest list of models holds. */
const bounds: JsonBounds = { values: 50_000, depth: 100 };

/** A sink for a JSON document without images. */
export function jsonSink(): Sink<unknown> {
  const over = (): never => {
    throw new ImageError('bad_response', 'answer_too_long');
  };
  const { write, end } = collectBody(limits.listText, over);
  const isWithin = boundedJson(bounds);
  return {
    write(chunk) {
      if (!isWithin(chunk)) over();
      write(chunk);
    },
    end() {
      const value = parseJson(end().toString());
      if (typeof value !== 'object' || value === null) throw new ImageError('bad_response', 'answer_not_json');
      return value;
    },
  };
}

/** A sink whose result includes the header of its response. */
export function withHead<T>(head: ResponseHead, sink: Sink<T>): Sink<{ head: ResponseHead; answer: T }> {
  return {
    write: (chunk) => sink.write(chunk),
    end: () => ({ head, answer: sink.end() }),
    cut() {
      const answer = sink.cut?.();
      return answer === undefined ? undefined : { head, answer };
    },
  };
}

/** A sink for a response without a 2xx status; it throws the error that the response stands for. */
export function failureSink(head: ResponseHead, redact: Redact, now: number): Sink<never> {
  const fail = (bytes: Buffer): never => {
    throw toFailure(head, bytes.toString(), redact, now);
  };
  const { write, end } = collectBody(limits.failure, fail);
  return { write, end: () => fail(end()), cut: () => fail(end()) };
}

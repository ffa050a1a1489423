import { ImageError } from '../errors.js';
import type { Generation } from '../generation.js';
import { decodeBase64, parseDataUrl } from '../image/data-url.js';
import { isObject, parseJson, toNumber } from '../json.js';
import { limits } from '../limits.js';
import { collect } from './collect.js';
import { requestIdOf } from './failure.js';
import type { ResponseHead, Sink } from './transport.js';

/** One entry of an answer's `data`: the bytes of a picture, or the address where it waits; neither where the entry is empty. */
export interface AnswerItem {
  bytes?: Buffer;
  url?: string;
  revisedPrompt?: string;
}

/** An answer of the endpoint: its pictures, and the whole object as it was parsed. */
export interface Answer {
  items: AnswerItem[];
  body: Record<string, unknown>;
}

/**
 * Takes the JSON of a 2xx answer.
 *
 * @throws ImageError `bad_response` where it is not a JSON object or is over the cap.
 */
export function answerSink(): Sink<Answer> {
  const { write, end } = collect(limits.answer, () => {
    throw new ImageError('bad_response', 'answer_too_large', { megabytes: limits.answer / 1e6 });
  });
  return { write, end: () => readAnswer(end()) };
}

function readAnswer(bytes: Buffer): Answer {
  const body = parseJson(bytes.toString());
  if (!isObject(body)) throw new ImageError('bad_response', 'answer_not_json');
  return { items: Array.isArray(body.data) ? body.data.map(readItem) : [], body };
}

function readItem(item: unknown): AnswerItem {
  if (!isObject(item)) return {};
  const { b64_json: base64, url, revised_prompt: revisedPrompt } = item;
  return { ...bytesOrUrl(base64, url), ...(typeof revisedPrompt === 'string' && { revisedPrompt }) };
}

function bytesOrUrl(base64: unknown, url: unknown): AnswerItem {
  if (typeof base64 === 'string' && base64 !== '') return { bytes: parseDataUrl(base64)?.bytes ?? decodeBase64(base64) };
  if (typeof url !== 'string' || url === '') return {};
  const inline = parseDataUrl(url);
  return inline ? { bytes: inline.bytes } : { url };
}

type Facts = Pick<Generation, 'cost' | 'paymentSource' | 'remainingBalance' | 'usage' | 'requestId'>;

/** What the service says about the deal, where it does. Numbers may come as text. */
export function factsOf({ body }: Answer, head: ResponseHead): Facts {
  const cost = toNumber(body.cost);
  const remainingBalance = toNumber(body.remainingBalance);
  const requestId = typeof body.requestId === 'string' ? body.requestId : requestIdOf(head);
  return {
    ...(cost !== undefined && { cost }),
    ...(typeof body.paymentSource === 'string' && { paymentSource: body.paymentSource }),
    ...(remainingBalance !== undefined && { remainingBalance }),
    ...(isObject(body.usage) && { usage: body.usage }),
    ...(requestId !== undefined && { requestId }),
  };
}

import { ImageError } from '../../errors.js';
import type { Generation } from '../../generation.js';
import { parseDataUrl } from '../../image/data-url.js';
import { isObject, toNumber } from '../../json.js';
import { limits } from '../../limits.js';
import { ResponseDecoder, type Decoded } from './response-decoder.js';
import { readRequestId } from './to-failure.js';
import type { Sink } from '../http/sink.js';
import type { ResponseHead } from '../http/transport.js';

/** One entry of an answer's `data`: the bytes of an image, or the address where it waits; neither where the entry is empty. */
export interface ImageEntry {
  bytes?: Buffer;
  url?: string;
  revisedPrompt?: string;
}

/** An answer of the endpoint: its images, and the rest of its object. */
export interface ImageResponse {
  items: ImageEntry[];
  body: Record<string, unknown>;
  /** It broke off: the items are what had come in full, and the rest is not known. */
  isCut: boolean;
}

/**
 * Takes the JSON of a 2xx answer and decodes its images while they arrive. An answer that breaks off still gives the images
 * that were whole: they are paid for.
 *
 * @throws ImageError `bad_response` where it is not a JSON object or is over the cap.
 */
export function imageResponseSink(): Sink<ImageResponse> {
  const decoder = new ResponseDecoder(limits.image);
  let length = 0;
  return {
    write(chunk) {
      length += chunk.length;
      if (length > limits.answer)
        throw new ImageError('bad_response', 'answer_too_large', { megabytes: limits.answer / 1e6 });
      decoder.write(chunk);
    },
    end() {
      const decoded = decoder.end();
      const answer = isObject(decoded.skeleton) ? readAnswer(decoded.skeleton, decoded) : cutAnswer(decoded);
      if (!answer) throw new ImageError('bad_response', 'answer_not_json');
      return answer;
    },
    cut: () => cutAnswer(decoder.end()),
  };
}

function cutAnswer({ whole }: Decoded): ImageResponse | undefined {
  return whole.length > 0 ? { items: whole.map((bytes) => ({ bytes })), body: {}, isCut: true } : undefined;
}

function readAnswer(body: Record<string, unknown>, decoded: Decoded): ImageResponse {
  return {
    items: Array.isArray(body.data) ? body.data.map((item) => readItem(item, decoded)) : [],
    body,
    isCut: false,
  };
}

function readItem(item: unknown, { image }: Decoded): ImageEntry {
  if (!isObject(item)) return {};
  const { b64_json: base64, url, revised_prompt: revisedPrompt } = item;
  const bytes = image(base64);
  return { ...(bytes?.length ? { bytes } : readUrl(url)), ...(typeof revisedPrompt === 'string' && { revisedPrompt }) };
}

/** Some servers put the image itself into the address. */
function readUrl(url: unknown): ImageEntry {
  if (typeof url !== 'string' || url === '') return {};
  const inline = parseDataUrl(url);
  return inline ? { bytes: inline.bytes } : { url };
}

type Facts = Pick<Generation, 'cost' | 'paymentSource' | 'remainingBalance' | 'usage' | 'requestId'>;

/** What the service says about the deal, where it does. Numbers may come as text. */
export function readResultInfo({ body }: ImageResponse, head: ResponseHead): Facts {
  const cost = toNumber(body.cost);
  const remainingBalance = toNumber(body.remainingBalance);
  const requestId = typeof body.requestId === 'string' ? body.requestId : readRequestId(head);
  return {
    ...(cost !== undefined && { cost }),
    ...(typeof body.paymentSource === 'string' && { paymentSource: body.paymentSource }),
    ...(remainingBalance !== undefined && { remainingBalance }),
    ...(isObject(body.usage) && { usage: body.usage }),
    ...(requestId !== undefined && { requestId }),
  };
}

import { defined } from '../../defined.js';
import { ImageError } from '../../errors.js';
import type { Generation } from '../../generation.js';
import { inspect } from '../../image/inspect.js';
import { isImageFile } from '../../image/signature.js';
import { isObject, parseJson, toNumber } from '../../json.js';
import { limits } from '../../limits.js';
import { collectBody } from '../http/collect-body.js';
import type { Sink } from '../http/sink.js';
import type { ResponseHead } from '../http/transport.js';
import { closeJson } from './close-json.js';
import { type StreamEvent, isEventStream, readEvents, readLines } from './event-stream.js';
import { sniffLength, startsImage } from './image-start.js';
import { readJobId } from './job-id.js';
import { type ImageEntry, readEntries } from './read-entries.js';
import { ResponseDecoder, type Decoded } from './response-decoder.js';
import { readRequestId } from './to-failure.js';

/** A response of the endpoint: its images, and the rest of its object. */
export interface ImageResponse {
  entries: ImageEntry[];
  body: Record<string, unknown>;
  /**
   * It broke off, or was too long to be read: the entries are the images that arrived whole, and the rest is unknown.
   */
  isCut: boolean;
  /** The id of the job that makes the images, where the service answers before it is done. */
  jobId?: string;
}

/**
 * Decodes the images of a 2xx response while they arrive: JSON of any shape, server-sent events, or the bytes of one
 * image. A response that breaks off still gives the images that arrived whole: they are paid for.
 *
 * `onDraft` is given the partial images of a stream of events as they come.
 *
 * @throws ImageError `bad_response` where it is none of these or over the cap.
 */
export function imageResponseSink(head: ResponseHead, onDraft?: (bytes: Buffer) => void): Sink<ImageResponse> {
  const decoder = new ResponseDecoder(limits.image, limits.responseText);
  const drafts = onDraft && draftReader(head, decoder, onDraft);
  let length = 0;
  let raw: Sink<Buffer> | undefined;
  let isQuoted = false;
  const text = (): Decoded => {
    if (isQuoted) decoder.write(quote);
    return decoder.end();
  };
  return {
    write(chunk) {
      const isFirst = length === 0;
      if (isFirst && isImage(head, chunk)) raw = collectBody(limits.image, tooLarge(limits.image));
      length += chunk.length;
      if (length > limits.answer) tooLarge(limits.answer)();
      if (isFirst && isEncodedImage(chunk)) {
        isQuoted = true;
        decoder.write(quote);
      }
      if (raw) raw.write(chunk);
      else {
        decoder.write(chunk);
        drafts?.();
      }
    },
    end: () => {
      if (raw) return { entries: [readFile(head, raw.end())], body: {}, isCut: false };
      const response = read(head, text());
      if (!response) throw new ImageError('bad_response', 'answer_not_json');
      return response;
    },
    cut() {
      if (raw) {
        const bytes = raw.end();
        return inspect(bytes) && { entries: [readFile(head, bytes)], body: {}, isCut: true };
      }
      return read(head, text());
    },
  };
}

/** One parsed JSON value as a response; entries are read where it holds any. */
function read(head: ResponseHead, decoded: Decoded): ImageResponse | undefined {
  const { text, image } = decoded;
  if (isEventStream(head, text)) return readStream(head, readEvents(text), image);
  const parsed = parseJson(text);
  if (typeof parsed === 'object' && parsed !== null) return readObject(head, parsed, image);
  const single = image(parsed);
  return single ? { entries: [{ bytes: single }], body: {}, isCut: false } : readPieces(head, decoded);
}

function readObject(head: ResponseHead, parsed: object, image: Decoded['image']): ImageResponse {
  const entries = readEntries(parsed, image);
  const first: unknown = Array.isArray(parsed) && entries.every(isEmpty) ? (parsed as unknown[])[0] : parsed;
  const body = isObject(first) ? first : {};
  return {
    entries,
    body,
    isCut: false,
    ...defined({ jobId: entries.every(isEmpty) ? readJobId(head, body) : undefined }),
  };
}

/** What had come in full of JSON that broke off or was too long: images, and the addresses of images. */
function readCut(head: ResponseHead, { text, image, whole }: Decoded): ImageResponse | undefined {
  const parsed = parseJson(closeJson(text) ?? '');
  const { entries, body } =
    typeof parsed === 'object' && parsed !== null ? readObject(head, parsed, image) : { entries: [], body: {} };
  const others = whole.filter((bytes) => entries.every((entry) => entry.bytes !== bytes)).map((bytes) => ({ bytes }));
  const found = [...entries, ...others];
  return found.every(isEmpty) ? undefined : { entries: found, body, isCut: true };
}

/** JSON that does not stand alone: lines of it, which must hold all images that arrived, or JSON that broke off. */
function readPieces(head: ResponseHead, decoded: Decoded): ImageResponse | undefined {
  const { text, image, whole } = decoded;
  const lines = readStream(head, readLines(text), image);
  const found = lines?.entries.flatMap(({ bytes }) => bytes ?? []) ?? [];
  const isWhole = lines?.entries.some((entry) => !isEmpty(entry)) && whole.every((bytes) => found.includes(bytes));
  return isWhole ? lines : readCut(head, decoded);
}

/** The completed images of a stream of events, without the partial ones. */
function readStream(head: ResponseHead, events: StreamEvent[], image: Decoded['image']): ImageResponse | undefined {
  if (events.length === 0) return undefined;
  const final = events.filter(({ isDraft }) => !isDraft).map(({ data }) => data);
  const entries = final.flatMap((data) => readEntries(data, image)).filter((entry) => !isEmpty(entry));
  const failed = final.find((data) => isObject(data) && Boolean(data.error));
  const last = final.findLast((data) => isObject(data) && Object.keys(data).length > 0);
  const body = [failed, last].find(isObject) ?? {};
  return {
    entries: withoutRepeated(entries),
    body,
    isCut: false,
    ...defined({ jobId: entries.length === 0 ? readJobId(head, body) : undefined }),
  };
}

/** The last event may repeat the images of those before it. */
function withoutRepeated(entries: ImageEntry[]): ImageEntry[] {
  return entries.filter(({ bytes, url }, index) =>
    entries.slice(0, index).every((earlier) => earlier.url !== url || !isSame(earlier.bytes, bytes)),
  );
}

function isSame(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one && other ? one.equals(other) : one === other;
}

/** Most drafts of one response: services send three for an image. */
const mostDrafts = 30;

/**
 * Passes on the drafts that have come in full since it was last called;
 * undefined where the response is no stream of events.
 */
function draftReader(
  head: ResponseHead,
  decoder: ResponseDecoder,
  onDraft: (bytes: Buffer) => void,
): (() => void) | undefined {
  if (!isEventStream(head, '')) return undefined;
  const passed = new Set<Buffer>();
  let images = 0;
  return () => {
    const { text, image, whole } = decoder.end();
    // An image ends before its event does; whether it is a draft may stand behind it.
    if (whole.length === images || passed.size >= mostDrafts) return;
    const events = readEvents(text);
    const entries = events.flatMap(({ data, isDraft }) =>
      readEntries(data as object, image).flatMap(({ bytes }) => (bytes ? [{ bytes, isDraft }] : [])),
    );
    images = entries.length;
    for (const { bytes, isDraft } of entries) {
      if (!isDraft || passed.has(bytes)) continue;
      passed.add(bytes);
      onDraft(bytes);
    }
  };
}

/** Whether an entry holds neither an image nor an address. */
export function isEmpty({ bytes, url }: ImageEntry): boolean {
  return bytes === undefined && url === undefined;
}

/** With it, a body that is base64 without quotes is JSON. */
const quote = Buffer.from('"');

/** Whether the body is base64 or a data URL and nothing else. */
function isEncodedImage(chunk: Buffer): boolean {
  return /^[\w/]/.test(chunk.toString('latin1', 0, 1)) && startsImage(chunk.subarray(0, sniffLength), false);
}

/** Whether the body itself is an image: by its first bytes, or by its header where the body is not text. */
function isImage({ headers }: ResponseHead, chunk: Buffer): boolean {
  if (isImageFile(chunk)) return true;
  return /^image\//i.test(headers['content-type'] ?? '') && !/^\s*[{["]/.test(chunk.toString('latin1', 0, 32));
}

function readFile({ headers }: ResponseHead, bytes: Buffer): ImageEntry {
  const mime = /^image\/[\w.+-]+/i.exec(headers['content-type'] ?? '')?.[0].toLowerCase();
  return { bytes, ...defined({ mime }) };
}

function tooLarge(cap: number): () => never {
  return () => {
    throw new ImageError('bad_response', 'answer_too_large', { megabytes: cap / 1e6 });
  };
}

type ResultInfo = Pick<Generation, 'cost' | 'paymentSource' | 'remainingBalance' | 'usage' | 'requestId'>;

/**
 * The cost where the service reports it: itself, in its usage
 * (OpenRouter, xAI in ten-billionths), or in a header (LiteLLM).
 */
function readCost({ cost, usage }: Record<string, unknown>, { headers }: ResponseHead): number | undefined {
  const used = isObject(usage) ? usage : {};
  const ticks = toNumber(used.cost_in_usd_ticks);
  return (
    toNumber(cost) ??
    toNumber(used.cost) ??
    (ticks === undefined ? undefined : ticks / 1e10) ??
    toNumber(headers['x-litellm-response-cost'])
  );
}

/** Cost, balance and request id, where the service reports them. Numbers may come as text. */
export function readResultInfo({ body }: ImageResponse, head: ResponseHead): ResultInfo {
  return defined({
    cost: readCost(body, head),
    paymentSource: typeof body.paymentSource === 'string' ? body.paymentSource : undefined,
    remainingBalance: toNumber(body.remainingBalance),
    usage: isObject(body.usage) ? body.usage : undefined,
    requestId: typeof body.requestId === 'string' ? body.requestId : readRequestId(head),
  });
}

import { type ErrorCode, type ErrorDetails, ImageError } from '../../errors.js';
import { isObject, parseJson } from '../../json.js';
import { longestWait } from '../../limits.js';
import type { MessageKey } from '../../messages.js';
import type { ResponseHead } from '../http/transport.js';

/** What an error answer said, whatever its shape; `said` is the service's own sentence, '' where it gave none. */
interface Said {
  said: string;
  /** Its word for the failure: a code, else a type. */
  word: string;
  status?: number;
  requestId?: string;
  /** It was an error in JSON, and not a page or something else that happens to be JSON. */
  isJsonError: boolean;
}

/** Words that services use for a failure, which count more than the status. */
const words: [RegExp, ErrorCode][] = [
  [/content_policy|moderation|safety_/, 'moderated'],
  [/daily_\w*limit/, 'daily_limit'],
  [/insufficient_(balance|quota|funds|credits)|billing_hard_limit/, 'insufficient_balance'],
];

/** Further words, for answers whose status says nothing (a 200 that holds an error). */
const moreWords: [RegExp, ErrorCode][] = [
  ...words,
  [/rate_limit/, 'rate_limited'],
  [/model_not_found|model_not_available/, 'model_not_found'],
  [/invalid_api_key|authentication|unauthorized|permission_denied|forbidden/, 'unauthorized'],
  [/too_large|payload_too_large/, 'too_large'],
  [/invalid|missing|unsupported|too_many|not_supported|validation|bad_request/, 'rejected'],
];

/** RFC 9110 15 and the NanoGPT docs on errors. 3xx, other 4xx and 5xx are ranges: see `byStatus`. */
const statuses: Record<number, ErrorCode> = {
  401: 'unauthorized',
  402: 'insufficient_balance',
  403: 'unauthorized',
  404: 'model_not_found',
  408: 'timed_out',
  413: 'too_large',
  429: 'rate_limited',
};

const sentenceOf: Partial<Record<ErrorCode, MessageKey>> = {
  not_configured: 'wrong_address',
  unauthorized: 'unauthorized',
  insufficient_balance: 'insufficient_balance',
  model_not_found: 'model_not_found',
  rejected: 'rejected',
  moderated: 'moderated',
  too_large: 'too_large_for_service',
  rate_limited: 'rate_limited',
  daily_limit: 'daily_limit',
  timed_out: 'service_timed_out',
  server_failed: 'server_failed',
};

/**
 * The error that an answer without a 2xx status means. `scrub` takes prompt and key out of what the service says; `now` is
 * the time in milliseconds that a Retry-After date is held against.
 */
export function toFailure(head: ResponseHead, text: string, scrub: (text: string) => string, now: number): ImageError {
  const said = readError(text, scrub);
  const retryAfter = readRetryAfter(head.headers['retry-after'], now);
  return errorFor(
    limited(byWord(words, said.word) ?? byStatus(head.status, said, retryAfter), retryAfter),
    head,
    said,
    retryAfter,
  );
}

/** The error inside a 2xx answer, or undefined where its JSON holds none. */
export function readErrorInside(
  head: ResponseHead,
  answer: unknown,
  scrub: (text: string) => string,
  now: number,
): ImageError | undefined {
  const error = isObject(answer) ? answer.error : undefined;
  if (!error || (isObject(error) && Object.keys(error).length === 0)) return undefined;
  const said = readError(JSON.stringify(answer), scrub);
  const retryAfter = readRetryAfter(head.headers['retry-after'], now);
  const code =
    byWord(moreWords, said.word) ??
    (said.status !== undefined && said.status >= 400 ? byStatus(said.status, said, retryAfter) : undefined);
  if (code) return errorFor(limited(code, retryAfter), head, said, retryAfter);
  return new ImageError(
    'bad_response',
    'error_inside',
    { said: said.said || `HTTP ${head.status}` },
    detailsOf(head, said),
  );
}

function errorFor(code: ErrorCode, head: ResponseHead, said: Said, retryAfter?: number): ImageError {
  const details: ErrorDetails = { ...detailsOf(head, said), ...(retryAfter !== undefined && { retryAfter }) };
  const params = { said: said.said || `HTTP ${head.status}`, status: head.status };
  return new ImageError(code, sentenceOf[code] ?? 'rejected', params, details);
}

function detailsOf(head: ResponseHead, said: Said): ErrorDetails {
  const requestId = said.requestId ?? readRequestId(head);
  return { status: head.status, ...(requestId !== undefined && { requestId }) };
}

function byWord(table: [RegExp, ErrorCode][], word: string): ErrorCode | undefined {
  return table.find(([pattern]) => pattern.test(word))?.[1];
}

function byStatus(status: number, said: Said, retryAfter: number | undefined): ErrorCode {
  if (status < 400 || (status === 404 && !said.isJsonError)) return 'not_configured';
  if (status === 503 && (retryAfter !== undefined || said.word.includes('rate_limiter_unavailable')))
    return 'rate_limited';
  return statuses[status] ?? (status < 500 ? 'rejected' : 'server_failed');
}

function limited(code: ErrorCode, retryAfter: number | undefined): ErrorCode {
  return code === 'rate_limited' && retryAfter !== undefined && retryAfter > longestWait ? 'daily_limit' : code;
}

/** The id by which the service knows a request, from the headers of its answer. */
export function readRequestId({ headers }: ResponseHead): string | undefined {
  return headers['x-request-id'] ?? headers['request-id'];
}

/** Seconds to wait, from a number of seconds or an HTTP date (RFC 9110 10.2.3). */
export function readRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header);
  // Date.parse makes a date of almost anything with a number in it.
  const date = /\d:\d\d:\d\d/.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

/** Reads the error shapes of NANOGPT, OpenAI, stable-diffusion.cpp, vLLM and of gateways that answer HTML or text. */
function readError(text: string, scrub: (text: string) => string): Said {
  const body = parseJson(text);
  if (!isObject(body)) return { said: sentence(withoutTags(scrub(text).slice(0, 4000))), word: '', isJsonError: false };
  const inner = isObject(body.error) ? body.error : {};
  const code = inner.code ?? body.code ?? inner.type ?? body.type;
  const status = [inner.code, body.code, inner.status, body.status].find((value) => typeof value === 'number');
  const said = firstText(inner.message, body.error, body.message, detail(body.detail));
  const word =
    typeof code === 'string'
      ? `${code} ${firstText(inner.type)}`.toLowerCase().trim()
      : firstText(inner.type).toLowerCase();
  return {
    // Scrubbed before it is shortened: of a prompt that is cut in two a part would stay.
    said: sentence(scrub(said)),
    word,
    ...(typeof status === 'number' && { status }),
    ...(typeof body.requestId === 'string' && { requestId: body.requestId }),
    isJsonError: said !== '' || word !== '' || status !== undefined,
  };
}

/** FastAPI's `detail`: a text or a list of complaints, each with the place it is about. */
function detail(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value
    .map((item) =>
      isObject(item)
        ? [Array.isArray(item.loc) ? item.loc.join('.') : '', firstText(item.msg)].filter(Boolean).join(': ')
        : String(item),
    )
    .join('; ');
}

function firstText(...values: unknown[]): string {
  return values.find((value): value is string => typeof value === 'string' && value !== '') ?? '';
}

/** One line of at most 300 characters. */
function sentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

function withoutTags(text: string): string {
  return text.replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
}

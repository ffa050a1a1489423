import { type ErrorCode, type ErrorDetails, ImageError } from '../../errors.js';
import { isObject } from '../../json.js';
import { longestWait } from '../../limits.js';
import type { MessageKey } from '../../messages.js';
import { defined } from '../../defined.js';
import type { Redact } from '../../redact.js';
import type { ResponseHead } from '../http/transport.js';
import { isUnknownAddress, matchExactly, matchWords } from './error-table.js';
import { type ErrorBody, readErrorBody, readErrorText } from './read-error-body.js';
import { readRetryAfter, readRetryAfterText } from './retry-after.js';

/** RFC 9110 15 and the NanoGPT docs on errors. 3xx, other 4xx and 5xx are ranges: see `codeForStatus`. */
const statuses: Record<number, ErrorCode> = {
  401: 'unauthorized',
  402: 'insufficient_balance',
  403: 'unauthorized',
  404: 'model_not_found',
  408: 'timed_out',
  413: 'too_large',
  429: 'rate_limited',
};

const messageKeys: Partial<Record<ErrorCode, MessageKey>> = {
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
 * The error that a response without a 2xx status means. `redact` takes prompt and key out of what the service says; `now` is
 * the time in milliseconds that a Retry-After date is held against.
 */
export function toFailure(head: ResponseHead, text: string, redact: Redact, now: number): ImageError {
  const body = readErrorText(text, redact);
  const retryAfter = readWait(head, body, now);
  return toError(limitWait(codeForFailure(head.status, body, retryAfter), retryAfter), {
    head,
    body,
    retryAfter,
  });
}

/** The error inside a 2xx response, or undefined where its JSON holds none. */
export function readErrorInside(
  head: ResponseHead,
  response: unknown,
  redact: Redact,
  now: number,
): ImageError | undefined {
  if (!isObject(response) || !holdsError(response)) return undefined;
  const body = readErrorBody(response, redact);
  const retryAfter = readWait(head, body, now);
  const code = matchExactly(body) ?? codeInside(body.status);
  if (code) return toError(limitWait(code, retryAfter), { head, body, retryAfter });
  return new ImageError('bad_response', 'error_inside', { detail: readDetail(head, body) }, toDetails(head, body));
}

/** An error, a list of errors, or FastAPI's `detail`, that says something. */
function holdsError({ error, errors, detail }: Record<string, unknown>): boolean {
  return [error, errors, detail].some(
    (value) => Boolean(value) && (typeof value !== 'object' || Object.keys(value ?? {}).length > 0),
  );
}

/** A status inside a 2xx counts as if it were the status of the response. */
function codeInside(status: number | undefined): ErrorCode | undefined {
  if (status === undefined || status < 400 || status > 599) return undefined;
  return statuses[status] ?? (status < 500 ? 'rejected' : 'server_failed');
}

/**
 * Words come before the status: below 500, and not at 408, all of them count; from 500 on and at 408 whole codes and known
 * sentences only, since what a loose word means for the money is not known.
 */
function codeForFailure(status: number, body: ErrorBody, retryAfter: number | undefined): ErrorCode {
  if (status < 400) return 'not_configured';
  const isRefusal = status < 500 && status !== 408;
  const byWord = isRefusal ? matchWords(body) : matchExactly(body);
  if (isRefusal && byWord === 'insufficient_balance' && isShortWait(status, retryAfter)) return 'rate_limited';
  if (byWord !== undefined && isRefusal) return byWord;
  if (byWord !== undefined && byWord !== 'rejected' && byWord !== 'unauthorized' && byWord !== 'too_large')
    return byWord;
  if (status === 405 && (!body.isJsonError || isUnknownAddress(body.sentence))) return 'not_configured';
  if (status === 404 && (!body.isJsonError || isUnknownAddress(body.sentence))) return 'not_configured';
  if (status === 503 && retryAfter !== undefined) return 'rate_limited';
  return statuses[status] ?? (status < 500 ? 'rejected' : 'server_failed');
}

/** A quota that comes back in a moment is a rate, not money. */
function isShortWait(status: number, retryAfter: number | undefined): boolean {
  return status === 429 && retryAfter !== undefined && retryAfter <= longestWait;
}

function limitWait(code: ErrorCode, retryAfter: number | undefined): ErrorCode {
  return code === 'rate_limited' && retryAfter !== undefined && retryAfter > longestWait ? 'daily_limit' : code;
}

interface FailureFacts {
  head: ResponseHead;
  body: ErrorBody;
  retryAfter: number | undefined;
}

function toError(code: ErrorCode, { head, body, retryAfter }: FailureFacts): ImageError {
  const params = { detail: readDetail(head, body), status: head.status };
  return new ImageError(code, messageKeys[code] ?? 'rejected', params, {
    ...toDetails(head, body),
    ...defined({ retryAfter }),
  });
}

/** What a person reads of the failure. */
function readDetail({ status }: ResponseHead, { sentence }: ErrorBody): string {
  if (sentence === '') return `HTTP ${status}`;
  return sentence.length > 300 ? `${sentence.slice(0, 299)}…` : sentence;
}

function toDetails(head: ResponseHead, body: ErrorBody): ErrorDetails {
  return { status: head.status, ...defined({ requestId: body.requestId ?? readRequestId(head) }) };
}

function readWait({ headers }: ResponseHead, { sentence }: ErrorBody, now: number): number | undefined {
  return readRetryAfter(headers['retry-after'], now) ?? readRetryAfterText(sentence);
}

/** The id by which the service knows a request, from the headers of its response. */
export function readRequestId({ headers }: ResponseHead): string | undefined {
  return headers['x-request-id'] ?? headers['request-id'];
}

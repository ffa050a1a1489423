import { type ErrorCode, type ErrorDetails, ImageError } from '../../errors.js';
import { isObject } from '../../json.js';
import { longestWait } from '../../limits.js';
import type { MessageKey } from '../../messages.js';
import { defined } from '../../defined.js';
import type { Redact } from '../../redact.js';
import type { ResponseHead } from '../http/transport.js';
import { isUnknownAddress, matchExactly, matchWords } from './error-table.js';
import { isFine } from './error-keys.js';
import { type ErrorBody, readErrorBody, readErrorText } from './read-error-body.js';
import { withReset } from './with-reset.js';
import { readMidnight, readReset, readRetryAfter, readRetryAfterText } from './retry-after.js';

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
 * The error that a response without a 2xx status stands for. `redact` removes prompt and key from the service's
 * message; `now` is the time in milliseconds, for a Retry-After with a date.
 */
export function toFailure(head: ResponseHead, text: string, redact: Redact, now: number): ImageError {
  const body = readErrorText(text, redact);
  const retryAfter = readWait(head, body, now);
  return toError(limitWait(codeForFailure(head.status, body, retryAfter), retryAfter), {
    head,
    body,
    retryAfter,
    now,
  });
}

/** The error inside a 2xx response; undefined where its JSON holds none. */
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
  if (code) return toError(limitWait(code, retryAfter), { head, body, retryAfter, now });
  return new ImageError('bad_response', 'error_inside', { detail: readDetail(head, body) }, toDetails(head, body));
}

/** Why a 2xx response without an error holds no image, in its own words; undefined where it has none. */
export function readReason(head: ResponseHead, response: object, redact: Redact, now: number): ImageError | undefined {
  const body = readErrorBody(response, redact);
  const code = matchExactly(body);
  if (code) return toError(code, { head, body, retryAfter: readWait(head, body, now), now });
  if (body.message === '' || isFine(body.message)) return undefined;
  return new ImageError('bad_response', 'error_inside', { detail: readDetail(head, body) }, toDetails(head, body));
}

/** Whether there is a non-empty error, list of errors, or `detail` (FastAPI). */
function holdsError({ error, errors, detail }: Record<string, unknown>): boolean {
  return [error, errors, detail].some(
    (value) => Boolean(value) && (typeof value !== 'object' || Object.keys(value ?? {}).length > 0),
  );
}

/** A status in the body of a 2xx response counts as if it were that of the response. */
function codeInside(status: number | undefined): ErrorCode | undefined {
  if (status === undefined || status < 400 || status > 599) return undefined;
  return statuses[status] ?? (status < 500 ? 'rejected' : 'server_failed');
}

/**
 * Words count before the status: below 500, except at 408, all of them; otherwise only whole codes and known messages,
 * since a loose word does not prove that nothing was charged.
 */
function codeForFailure(status: number, body: ErrorBody, retryAfter: number | undefined): ErrorCode {
  if (status < 400) return 'not_configured';
  const isRefusal = status < 500 && status !== 408;
  const byWord = isRefusal ? matchWords(body) : matchExactly(body);
  if (isRefusal && byWord === 'insufficient_balance' && isShortWait(status, retryAfter)) return 'rate_limited';
  if (byWord !== undefined && isRefusal) return byWord;
  if (byWord !== undefined && byWord !== 'rejected' && byWord !== 'unauthorized' && byWord !== 'too_large')
    return byWord;
  if (status === 405 && (!body.isJsonError || isUnknownAddress(body.message))) return 'not_configured';
  if (status === 404 && (!body.isJsonError || isUnknownAddress(body.message))) return 'not_configured';
  if (status === 503 && retryAfter !== undefined) return 'rate_limited';
  return statuses[status] ?? (status < 500 ? 'rejected' : 'server_failed');
}

/** A quota that resets within a minute is a rate limit, not a balance. */
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
  now: number;
}

function toError(code: ErrorCode, { head, body, retryAfter, now }: FailureFacts): ImageError {
  const params = { detail: readDetail(head, body), status: head.status };
  const error = new ImageError(code, messageKeys[code] ?? 'rejected', params, toDetails(head, body));
  if (retryAfter === undefined) return error;
  return code === 'daily_limit' ? withReset(error, retryAfter, now) : error.with({ retryAfter });
}

/** The service's message as a person reads it. */
function readDetail({ status }: ResponseHead, { message }: ErrorBody): string {
  if (message === '') return `HTTP ${status}`;
  return message.length > 300 ? `${message.slice(0, 299)}…` : message;
}

function toDetails(head: ResponseHead, body: ErrorBody): ErrorDetails {
  return { status: head.status, ...defined({ requestId: body.requestId ?? readRequestId(head) }) };
}

function readWait({ status, headers }: ResponseHead, { message, wait }: ErrorBody, now: number): number | undefined {
  return (
    readRetryAfter(headers['retry-after'], now) ??
    wait ??
    readRetryAfterText(message) ??
    readMidnight(message, now) ??
    (status === 429 ? readReset(headers, now) : undefined)
  );
}

/** The service's id of a request, from the headers of the response. */
export function readRequestId({ headers }: ResponseHead): string | undefined {
  return headers['x-request-id'] ?? headers['request-id'];
}

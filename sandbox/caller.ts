import type { IncomingMessage } from 'node:http';
import type { Call } from './call.js';
import { invalid, largestBody, HttpError } from './simulated-errors.js';

/** A body as it came: how long it was, and its bytes unless it was too long. */
export interface Received {
  bytes: number;
  kept?: Buffer;
}

/**
 * Reads a whole body. One that is too long is read to its end but not
 * kept: a client that is still sending would miss the answer.
 */
export async function readBody(incoming: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= largestBody) chunks.push(chunk);
    else chunks.length = 0;
    if (bytes > largestBody * 16) break;
  }
  return bytes > largestBody ? { bytes } : { bytes, kept: Buffer.concat(chunks) };
}

/**
 * The key of a request, as Bearer or x-api-key. Any is taken: there is nothing to protect.
 *
 * @throws HttpError with 401 where there is none.
 */
export function callerKey(c: Call): string {
  const key = /^Bearer\s+(\S+)\s*$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? c.req.header('x-api-key');
  if (key) return key;
  const message =
    'An API key is required: send "Authorization: Bearer KEY" or "x-api-key: KEY". The built-in service takes any key but "invalid".';
  throw new HttpError({
    status: 401,
    body: { error: { message, type: 'authentication_error', param: null, code: 'missing_api_key' } },
  });
}

/**
 * The JSON object of a body.
 *
 * @throws HttpError with 400 where it is none.
 */
export function parse(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Refused below, like any other body that is not an object.
  }
  throw new HttpError(invalid('The request body must be a JSON object.', 'body', 'invalid_json'));
}

/** A signal that aborts when the client goes away before it has its answer. */
export function whileConnected(c: Call): AbortSignal {
  const controller = new AbortController();
  const { outgoing } = c.env;
  if (outgoing.destroyed) controller.abort();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) controller.abort();
  });
  return controller.signal;
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * Lets a request pass that names this machine in `Host`. A web page whose name was made to resolve to 127.0.0.1 (DNS
 * rebinding) names its own host there.
 *
 * @throws HttpError with 403 otherwise.
 */
export async function requireLoopback(c: Call, next: () => Promise<void>): Promise<void> {
  if (loopback.test(c.req.header('host') ?? '')) return next();
  const message = 'The built-in service answers only to requests for localhost.';
  throw new HttpError({
    status: 403,
    body: { error: { message, type: 'permission_error', param: null, code: 'not_local' } },
  });
}

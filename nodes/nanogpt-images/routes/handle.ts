import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { ImageError } from '../../../src/errors.js';
import { type AdminRequest, BadRequest, ImageAnswer, NotFound } from './admin-request.js';
import { denyOtherSites, isFromEditor } from './from-editor.js';
import type { RoutePath } from './routes.js';

type Handler = (request: AdminRequest) => Promise<object>;

/** Each handler is loaded with its first request: a list of images needs nothing of what makes them. */
const handlers: Record<RoutePath, () => Promise<Handler>> = {
  '/nanogpt-config/models': async () => (await import('./list-models.js')).listModels,
  '/nanogpt-config/check': async () => (await import('./check-account.js')).checkAccount,
  '/nanogpt-config/sign-in/start': async () => (await import('./sign-in.js')).startSignIn,
  '/nanogpt-config/sign-in/poll': async () => (await import('./sign-in.js')).pollSignIn,
  '/nanogpt-config/sign-in/cancel': async () => (await import('./sign-in.js')).cancelSignIn,
  '/nanogpt-config/sign-in/redeem': async () => (await import('./sign-in.js')).redeemSignIn,
  '/nanogpt-cluster/check': async () => (await import('./check-cluster.js')).checkClusterRoute,
  '/nanogpt-image/dry-run': async () => (await import('./dry-run.js')).dryRun,
  '/nanogpt-image/try': async () => (await import('./try-request.js')).tryRequest,
  '/nanogpt-image/images/:id': async () => (await import('./find-image.js')).findImage,
  '/nanogpt-image/thumbnails/:id': async () => (await import('./find-image.js')).findThumbnail,
  '/nanogpt-image/previews': async () => (await import('./list-previews.js')).listPreviews,
  '/nanogpt-image/history': async () => (await import('./list-history.js')).listHistory,
  '/nanogpt-image/history/:id': async () => (await import('./list-history.js')).findItem,
  '/nanogpt-image/running': async () => (await import('./running.js')).listRunning,
  '/nanogpt-image/stop': async () => (await import('./running.js')).stopRunning,
  '/nanogpt-image/spending': async () => (await import('./sum-spending.js')).sumSpending,
  '/nanogpt-image/unsettled': async () => (await import('./unsettled.js')).listUnsettled,
  '/nanogpt-image/settle': async () => (await import('./unsettled.js')).settle,
  '/nanogpt-image/ending-models': async () => (await import('./list-ending-models.js')).listEndingModels,
  '/nanogpt-image/clear-history': async () => (await import('./clear-history.js')).clearHistory,
};

/**
 * Answers the editor. A failure that a person can act on is a `problem` in
 * the answer; only a malformed request gets an HTTP error.
 */
export async function handle(RED: NodeAPI, path: RoutePath, request: Request, response: Response): Promise<void> {
  response.set('cache-control', 'no-store');
  denyOtherSites(response);
  if (!isFromEditor(request)) return void response.sendStatus(403);
  // A browser lets any site post a form without a preflight, but not JSON.
  if (request.method === 'POST' && !request.is('application/json')) return void response.sendStatus(400);
  const closed = new AbortController();
  response.on('close', () => closed.abort(new ImageError('cancelled', 'cancelled')));
  const params = { ...textsIn(request.query), ...textsIn(request.params) };
  try {
    const body = request.body as unknown;
    const handler = await handlers[path]();
    send(response, await handler({ RED, body, params, signal: closed.signal }));
  } catch (error) {
    response.sendStatus(error instanceof BadRequest ? 400 : error instanceof NotFound ? 404 : 500);
  }
}

/** An SVG may style itself, but may not run scripts or load anything. */
const imagePolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

function send(response: Response, answer: object): void {
  if (!(answer instanceof ImageAnswer)) return void response.json(answer);
  response.set({
    'content-type': answer.mime,
    'x-content-type-options': 'nosniff',
    'content-security-policy': imagePolicy,
  });
  response.end(answer.bytes);
}

function textsIn(values: object): Record<string, string> {
  const texts = Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(texts);
}

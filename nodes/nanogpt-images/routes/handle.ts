import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { ImageError } from '../../../src/errors.js';
import { type AdminRequest, BadRequest, ImageAnswer, NotFound } from './admin-request.js';
import { checkAccount } from './check-account.js';
import { clearHistory } from './clear-history.js';
import { dryRun } from './dry-run.js';
import { denyOtherSites, isFromEditor } from './from-editor.js';
import { findItem, listHistory } from './list-history.js';
import { listPreviews } from './list-previews.js';
import { listModels } from './list-models.js';
import { listRunning, stopRunning } from './running.js';
import type { RoutePath } from './routes.js';
import { findImage, findThumbnail } from './find-image.js';
import { sumSpending } from './sum-spending.js';
import { cancelSignIn, pollSignIn, redeemSignIn, startSignIn } from './sign-in.js';
import { tryRequest } from './try-request.js';
import { listUnsettled, settle } from './unsettled.js';

const handlers: Record<RoutePath, (request: AdminRequest) => Promise<object>> = {
  '/nanogpt-config/models': listModels,
  '/nanogpt-config/check': checkAccount,
  '/nanogpt-config/sign-in/start': startSignIn,
  '/nanogpt-config/sign-in/poll': pollSignIn,
  '/nanogpt-config/sign-in/cancel': cancelSignIn,
  '/nanogpt-config/sign-in/redeem': redeemSignIn,
  '/nanogpt-image/dry-run': dryRun,
  '/nanogpt-image/try': tryRequest,
  '/nanogpt-image/images/:id': findImage,
  '/nanogpt-image/thumbnails/:id': findThumbnail,
  '/nanogpt-image/previews': listPreviews,
  '/nanogpt-image/history': listHistory,
  '/nanogpt-image/history/:id': findItem,
  '/nanogpt-image/running': listRunning,
  '/nanogpt-image/stop': stopRunning,
  '/nanogpt-image/spending': sumSpending,
  '/nanogpt-image/unsettled': listUnsettled,
  '/nanogpt-image/settle': settle,
  '/nanogpt-image/clear-history': clearHistory,
};

/** Answers the editor. A failure that a person can act on is a `problem` in the answer; only a malformed request gets an HTTP error. */
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
    send(response, await handlers[path]({ RED, body, params, signal: closed.signal }));
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

import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { ImageError } from '../../../src/errors.js';
import type { AdminRequest } from './admin-request.js';
import { listModels } from './list-models.js';
import { checkAccount } from './check-account.js';
import { dryRun } from './dry-run.js';
import { denyOtherSites, isFromEditor } from './from-editor.js';
import { sendImage } from './send-image.js';
import { BadRequest } from './read-body.js';
import type { RoutePath } from './routes.js';
import { tryRequest } from './try-request.js';

const handlers: Record<Exclude<RoutePath, '/nanogpt-image/images/:id'>, (request: AdminRequest) => Promise<object>> = {
  '/nanogpt-config/models': listModels,
  '/nanogpt-config/check': checkAccount,
  '/nanogpt-image/dry-run': dryRun,
  '/nanogpt-image/try': tryRequest,
};

/** Answers the editor. What a person can do something about is a `problem` in the answer; only a malformed request gets an HTTP error. */
export async function handle(RED: NodeAPI, path: RoutePath, request: Request, response: Response): Promise<void> {
  response.set('cache-control', 'no-store');
  denyOtherSites(response);
  if (!isFromEditor(request)) return void response.sendStatus(403);
  if (path === '/nanogpt-image/images/:id') return sendImage(String(request.params.id), response);
  // A browser lets any site post a form without asking; JSON it does not.
  if (!request.is('application/json')) return void response.sendStatus(400);
  const closed = new AbortController();
  response.on('close', () => closed.abort(new ImageError('cancelled', 'cancelled')));
  try {
    response.json(await handlers[path]({ RED, body: request.body as unknown, signal: closed.signal }));
  } catch (error) {
    response.sendStatus(error instanceof BadRequest ? 400 : 500);
  }
}

import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { ImageError } from '../../../src/errors.js';
import { listModels } from './list-models.js';
import { checkAccount } from './check-account.js';
import { dryRun } from './dry-run.js';
import { sendImage } from './send-image.js';
import { BadRequest } from './read-body.js';
import type { RouteName } from './register-routes.js';
import { tryRequest } from './try-request.js';

/** A dialog's question on its way to an answer; the signal aborts when nobody waits for it any more. */
export interface AdminRequest {
  RED: NodeAPI;
  body: unknown;
  signal: AbortSignal;
}

const answers: Record<Exclude<RouteName, 'images/:id'>, (question: AdminRequest) => Promise<object>> = {
  models: listModels,
  check: checkAccount,
  'dry-run': dryRun,
  try: tryRequest,
};

/** Answers a dialog. What a person can do something about is a problem in the answer; only what is no question at all is a status. */
export async function handle(RED: NodeAPI, route: RouteName, request: Request, response: Response): Promise<void> {
  response.set('cache-control', 'no-store');
  // Node-RED 4 lets pages of other sites in; who is logged in there would pay for their images.
  if (request.get('sec-fetch-site') === 'cross-site') return void response.sendStatus(403);
  if (route === 'images/:id') return sendImage(String(request.params.id), response);
  // A form of another site needs no leave of the browser to post, JSON does.
  if (!request.is('application/json')) return void response.sendStatus(400);
  const gone = new AbortController();
  response.on('close', () => gone.abort(new ImageError('cancelled', 'cancelled')));
  try {
    response.json(await answers[route]({ RED, body: request.body as unknown, signal: gone.signal }));
  } catch (error) {
    response.sendStatus(error instanceof BadRequest ? 400 : 500);
  }
}

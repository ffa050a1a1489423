import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { ImageError } from '../../../src/errors.js';
import { catalogue } from './list-models.js';
import { check } from './check-account.js';
import { describe } from './dry-run.js';
import { sendPicture } from './send-image.js';
import { BadRequest } from './read-body.js';
import type { RouteName } from './register-routes.js';
import { tryOut } from './try-request.js';

/** A dialog's question on its way to an answer; the signal aborts when nobody waits for it any more. */
export interface Question {
  RED: NodeAPI;
  body: unknown;
  signal: AbortSignal;
}

const answers: Record<Exclude<RouteName, 'pictures/:id'>, (question: Question) => Promise<object>> = { catalogue, check, describe, try: tryOut };

/** Answers a dialog. What a person can do something about is a problem in the answer; only what is no question at all is a status. */
export async function answer(RED: NodeAPI, route: RouteName, request: Request, response: Response): Promise<void> {
  response.set('cache-control', 'no-store');
  // Node-RED 4 lets pages of other sites in; who is logged in there would pay for their pictures.
  if (request.get('sec-fetch-site') === 'cross-site') return void response.sendStatus(403);
  if (route === 'pictures/:id') return sendPicture(String(request.params.id), response);
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

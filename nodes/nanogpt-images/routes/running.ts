import { isObject } from '../../../src/json.js';
import { listRunningRequests, stopRequest } from '../../shared/running-requests.js';
import { type AdminRequest, BadRequest } from './admin-request.js';

/** Characters of a running request's prompt that are shown. */
const promptLength = 200;

/** The requests that wait or run, with Node-RED's time, for their age. */
export async function listRunning(): Promise<object> {
  const running = listRunningRequests().map((request) => ({
    ...request,
    prompt: request.prompt.slice(0, promptLength),
  }));
  return { now: Date.now(), running };
}

/**
 * Stops the request of a body `{id}`.
 *
 * @throws BadRequest
 */
export async function stopRunning({ body }: AdminRequest): Promise<object> {
  if (!isObject(body) || typeof body.id !== 'string') throw new BadRequest();
  return { stopped: stopRequest(body.id) };
}

import { isObject } from '../../../src/json.js';
import { listRunningWork, stopWork } from '../../shared/running-work.js';
import { type AdminRequest, BadRequest } from './admin-request.js';

/** Characters of a prompt that are shown of a running request. */
const promptLength = 200;

/** The requests that wait or run, with the clock by which their age is counted. */
export async function listRunning(): Promise<object> {
  const running = listRunningWork().map((work) => ({ ...work, prompt: work.prompt.slice(0, promptLength) }));
  return { now: Date.now(), running };
}

/**
 * Stops the request of a body `{id}`.
 *
 * @throws BadRequest
 */
export async function stopRunning({ body }: AdminRequest): Promise<object> {
  if (!isObject(body) || typeof body.id !== 'string') throw new BadRequest();
  return { stopped: stopWork(body.id) };
}

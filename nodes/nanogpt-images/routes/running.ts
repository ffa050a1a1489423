import type { NodeAPI } from 'node-red';
import type { RemoteRequest } from '../../../src/cluster/running-requests.js';
import { isObject } from '../../../src/json.js';
import { listRunningRequests, stopRequest } from '../../shared/running-requests.js';
import type { ListedRequest, RunningRequests } from '../../shared/route-answers.js';
import { type AdminRequest, BadRequest } from './admin-request.js';
import { openClusters } from './open-accounts.js';

/** Characters of a running request's prompt that are shown. */
const promptLength = 200;

/**
 * The requests that wait or run, after those of this Node-RED those of
 * others that share an account; with the time, for their age.
 */
export async function listRunning({ RED }: AdminRequest): Promise<RunningRequests> {
  const requests: ListedRequest[] = [...listRunningRequests(), ...(await listRemote(RED))];
  const running = requests.map((request) => ({ ...request, prompt: request.prompt.slice(0, promptLength) }));
  return { now: Date.now(), running };
}

/**
 * Stops the request of a body `{id}`, wherever it runs.
 *
 * @throws BadRequest
 */
export async function stopRunning({ RED, body }: AdminRequest): Promise<{ stopped: boolean }> {
  if (!isObject(body) || typeof body.id !== 'string') throw new BadRequest();
  return { stopped: stopRequest(body.id) || (await stopRemote(RED, body.id)) };
}

async function listRemote(RED: NodeAPI): Promise<RemoteRequest[]> {
  const clusters = await openClusters(RED);
  return (await Promise.all(clusters.map(([, { requests }]) => requests.list().catch(() => [])))).flat();
}

async function stopRemote(RED: NodeAPI, id: string): Promise<boolean> {
  for (const [, { requests }] of await openClusters(RED)) if (await requests.stop(id).catch(() => false)) return true;
  return false;
}

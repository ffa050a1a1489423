import { randomUUID } from 'node:crypto';
import type { RequestState } from '../../src/account/send-request.js';
import { ImageError } from '../../src/errors.js';

/** A request that waits or is under way, as the editor shows it. */
export interface RunningRequest {
  id: string;
  /** The node as the editor knows it; absent for a try in a dialog. */
  nodeId?: string;
  /** Id of the account's config node. */
  accountId: string;
  prompt: string;
  /** Number of images asked for. */
  count: number;
  phase: RequestState['phase'];
  /** When it began, in milliseconds since the epoch. */
  started: number;
}

/** What the code that sends the request tells the list. */
export interface RequestHandle {
  /** Aborts when someone stops the request in the editor. */
  signal: AbortSignal;
  move(state: RequestState): void;
  /** Aborts the signal. */
  stop(reason: unknown): void;
  end(): void;
}

const running = new Map<string, RunningRequest & { controller: AbortController }>();

/** Lists a request from now until its end. */
export function trackRequest(request: Omit<RunningRequest, 'id' | 'phase' | 'started'>): RequestHandle {
  const id = randomUUID();
  const controller = new AbortController();
  const listed = { ...request, id, phase: 'waiting' as RequestState['phase'], started: Date.now(), controller };
  running.set(id, listed);
  return {
    signal: controller.signal,
    move: ({ phase }) => void (listed.phase = phase),
    stop: (reason) => controller.abort(reason),
    end: () => void running.delete(id),
  };
}

/** The running requests, the oldest first. */
export function listRunningRequests(): RunningRequest[] {
  return [...running.values()].map(({ controller: _, ...request }) => request);
}

/** Ends a request as a cancel message does; false where it has ended already. */
export function stopRequest(id: string): boolean {
  const request = running.get(id);
  request?.controller.abort(new ImageError('cancelled', 'cancelled'));
  return request !== undefined;
}

import { randomUUID } from 'node:crypto';
import type { RequestState } from '../../src/account/send-request.js';
import { ActiveList } from '../../src/active-list.js';
import { defined } from '../../src/defined.js';
import { ImageError } from '../../src/errors.js';

/** A request that waits or is under way, as the editor shows it. */
export interface RunningRequest {
  id: string;
  /** The node as the editor knows it; absent for a try in a dialog. */
  nodeId?: string;
  /** Id of the account's config node. */
  accountId: string;
  prompt: string;
  /** As asked for; absent = that of the account. */
  model?: string;
  /** Number of images asked for. */
  count: number;
  phase: RequestState['phase'];
  /** When it began, in milliseconds since the epoch. */
  started: number;
}

/** A request as the code that sends it describes it. */
export interface TrackedRequest extends Pick<RunningRequest, 'accountId' | 'prompt' | 'count'> {
  nodeId: string | undefined;
  model: string | undefined;
  /** Ends it, when someone stops it in the editor. */
  stop(reason: Error): void;
}

/** A request in the list. Thousands may wait, so there is little to it. */
export class RequestHandle {
  readonly id = `${session}-${(count += 1)}`;
  readonly started = Date.now();
  phase: RequestState['phase'] = 'waiting';

  constructor(readonly request: TrackedRequest) {
    running.add(this);
  }

  end(): void {
    running.delete(this);
  }
}

/** What a page that was opened before a restart stops must not be another request of now. */
const session = randomUUID();
let count = 0;

const running = new ActiveList<RequestHandle>();

/** Lists a request from now until its end. */
export function trackRequest(request: TrackedRequest): RequestHandle {
  return new RequestHandle(request);
}

/** The running requests, the oldest first. */
export function listRunningRequests(): RunningRequest[] {
  return [...running].map(({ id, phase, started, request: { stop: _, ...request } }) => ({
    ...defined(request),
    id,
    phase,
    started,
  }));
}

/** Ends a request as a cancel message does; false where it has ended already. */
export function stopRequest(id: string): boolean {
  const tracked = [...running].find((each) => each.id === id);
  tracked?.request.stop(new ImageError('cancelled', 'cancelled'));
  return tracked !== undefined;
}

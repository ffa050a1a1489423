import { randomUUID } from 'node:crypto';
import type { RequestState } from '../../src/account/send-request.js';
import { ImageError } from '../../src/errors.js';

/** A request that waits or is under way, as the editor shows it. */
export interface RunningWork {
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

/** The hold of the code that does the work. */
export interface WorkHandle {
  /** Aborts when someone stops the work in the editor. */
  signal: AbortSignal;
  move(state: RequestState): void;
  end(): void;
}

const running = new Map<string, RunningWork & { controller: AbortController }>();

/** Lists work from now until its end. */
export function beginWork(work: Omit<RunningWork, 'id' | 'phase' | 'started'>): WorkHandle {
  const id = randomUUID();
  const controller = new AbortController();
  const listed = { ...work, id, phase: 'waiting' as RequestState['phase'], started: Date.now(), controller };
  running.set(id, listed);
  return {
    signal: controller.signal,
    move: ({ phase }) => void (listed.phase = phase),
    end: () => void running.delete(id),
  };
}

/** The oldest first. */
export function listRunningWork(): RunningWork[] {
  return [...running.values()].map(({ controller: _, ...work }) => work);
}

/** Ends a request as a cancel message does; false where it has ended already. */
export function stopWork(id: string): boolean {
  const work = running.get(id);
  work?.controller.abort(new ImageError('cancelled', 'cancelled'));
  return work !== undefined;
}

import type { NodeAPI } from 'node-red';
import type { RequestState } from '../../src/account.js';
import { ImageError } from '../../src/errors.js';
import type { Message, Outcome } from './on-message.js';

/** One message at work. It outlives the node that took it: a deploy makes a new one, which goes on with the same work. */
export interface Work {
  msg: Message;
  controller: AbortController;
  outcome: Promise<Outcome>;
  /** The request has left, or is just about to: it may be paid for. */
  isUnderWay: boolean;
  /** Told where the request stands; belongs to the node that has the work now. */
  onState(state: RequestState): void;
}

/** How long work waits for its node to come back, in milliseconds; a node that stays away was stopped for good. */
const patience = 10_000;

/** By the message itself: copies of a message share its id. */
const parked = new Map<Message, { work: Work; nodeId: string; timer: NodeJS.Timeout }>();

let isListening = false;

/** Keeps work of a node that was stopped until the flows run again; then the node with the same id is given the message once more. */
export function park(RED: NodeAPI, nodeId: string, work: Work): void {
  work.onState = () => undefined;
  // Nobody may listen before the new node does.
  work.outcome.catch(() => undefined);
  parked.set(work.msg, { work, nodeId, timer: setTimeout(() => drop(RED, work.msg), patience).unref() });
  if (isListening) return;
  isListening = true;
  RED.events.on('flows:started', () => handBack(RED));
  process.on('exit', () => {
    if (parked.size > 0) RED.log.warn(RED._('log.lost', { lost: parked.size } as never));
  });
}

/** The work that was parked for this very message, which is then the caller's. */
export function adopt(msg: Message): Work | undefined {
  const entry = parked.get(msg);
  if (!entry) return undefined;
  clearTimeout(entry.timer);
  parked.delete(msg);
  return entry.work;
}

function handBack(RED: NodeAPI): void {
  for (const [msg, { nodeId }] of parked) {
    const node = RED.nodes.getNode(nodeId) as ReturnType<NodeAPI['nodes']['getNode']> | null;
    node?.receive(msg as never);
    // It is still here where there is no such node any more, or where it is of another kind.
    setImmediate(() => drop(RED, msg));
  }
}

function drop(RED: NodeAPI, msg: Message): void {
  const work = adopt(msg);
  if (!work) return;
  work.controller.abort(new ImageError('cancelled', 'node_closed'));
  RED.log.warn(RED._('log.lost', { lost: 1 } as never));
}

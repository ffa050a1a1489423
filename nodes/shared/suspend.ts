import type { Node, NodeAPI } from 'node-red';
import type { RequestState } from '../../src/account/send-request.js';
import { ImageError } from '../../src/errors.js';
import { StopSignal } from '../../src/stop-signal.js';
import { localize } from './localize.js';
import type { Message, Outcome } from './message.js';

/**
 * A message that is being handled. It outlives the node that received it: a deploy creates a new one, which continues
 * the same work.
 */
export class Work {
  readonly signal = new StopSignal();
  readonly outcome: Promise<Outcome>;
  /** The request was sent, or is about to be: it may be paid for. */
  isUnderWay = false;
  /** Called with the state of the request; belongs to the node that has the work now. */
  onState: (state: RequestState) => void = ignore;

  /** `run` begins at once. */
  constructor(
    readonly msg: Message,
    run: (work: Work) => Promise<Outcome>,
  ) {
    this.outcome = run(this);
  }
}

function ignore(): void {
  return undefined;
}

interface SuspendedWork {
  work: Work;
  node: Pick<Node, 'id' | 'type'>;
  /** The node that got the message again. */
  successor?: Node;
}

/**
 * How long work waits for its node once all nodes have stopped, in
 * milliseconds; a node that does not return was removed.
 */
const resumeTimeout = 10_000;

/** How long it waits for all nodes to stop, in milliseconds: Node-RED itself gives each 15 s. */
const stopTimeout = 20_000;

/** By the message object: copies of a message share its id. */
const suspended = new Map<Message, SuspendedWork>();

/**
 * A message that was passed to a node again is never sent again, however late it arrives: a hook such as the flow
 * debugger's can delay it.
 */
const handedBack = new WeakMap<Message, Work>();

let timer: NodeJS.Timeout | undefined;
let isListening = false;

/**
 * Keeps the work of a stopped node until the flows run again; then the node with the same id gets the message again.
 */
export function suspend(RED: NodeAPI, { id, type }: Node, work: Work): void {
  work.onState = ignore;
  // Nothing else may handle a rejection before the new node does.
  work.outcome.catch(() => undefined);
  // A message that came in twice can be handed over once.
  if (suspended.has(work.msg)) return giveUp(RED, work);
  suspended.set(work.msg, { work, node: { id, type } });
  dropAllAfter(RED, stopTimeout);
  if (isListening) return;
  isListening = true;
  RED.events.on('flows:stopped', () => dropAllAfter(RED, resumeTimeout));
  RED.events.on('flows:started', () => handBack(RED));
  process.on('exit', () => {
    if (suspended.size > 0) RED.log.warn(localize(RED, 'log.lost', { lost: suspended.size }));
  });
}

/** The work that was suspended for this message object; it then belongs to the caller. */
export function resume(msg: Message): Work | undefined {
  const work = suspended.get(msg)?.work ?? handedBack.get(msg);
  suspended.delete(msg);
  handedBack.delete(msg);
  return work;
}

function handBack(RED: NodeAPI): void {
  for (const [msg, entry] of suspended) {
    const successor = RED.nodes.getNode(entry.node.id) as Node | null | undefined;
    if (successor?.type !== entry.node.type) drop(RED, msg, entry);
    else if (successor !== entry.successor) {
      entry.successor = successor;
      handedBack.set(msg, entry.work);
      successor.receive(msg);
    }
  }
}

function dropAllAfter(RED: NodeAPI, milliseconds: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => suspended.forEach((entry, msg) => drop(RED, msg, entry)), milliseconds).unref();
}

function drop(RED: NodeAPI, msg: Message, { work }: SuspendedWork): void {
  suspended.delete(msg);
  giveUp(RED, work);
}

function giveUp(RED: NodeAPI, work: Work): void {
  work.signal.abort(new ImageError('cancelled', 'node_closed'));
  RED.log.warn(localize(RED, 'log.lost', { lost: 1 }));
}

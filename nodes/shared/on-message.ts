import type { Node, NodeAPI } from 'node-red';
import type { RequestOptions } from '../../src/account/send-request.js';
import { ActiveList } from '../../src/active-list.js';
import { ImageError, fill } from '../../src/errors.js';
import type { Warning } from '../../src/generation.js';
import { localize } from './localize.js';
import type { Message, Outcome } from './message.js';
import type { NanogptAccount } from './nanogpt-account.js';
import { type QuietErrors, quietErrors } from './quiet-errors.js';
import { toReadable } from './readable-error.js';
import { Work, resume, suspend } from './suspend.js';
import { type EndState, StatusDisplay } from './status.js';

/** Gives a message of `src/` in the language of the server. */
export type Translate = (message: Pick<Warning, 'key' | 'params' | 'message'>) => string;

/** What a handler gets besides the message; the signal aborts with the error that ends the message. */
export interface Task extends Required<Pick<RequestOptions, 'signal' | 'onState'>> {
  account: NanogptAccount;
  translate: Translate;
  /** Ends the message with this error. */
  stop(reason: Error): void;
}

type Send = (messages: never) => void;
type Done = (error?: Error) => void;

/** Turns a message into its outcome. */
type Handle = (msg: Message, task: Task) => Promise<Outcome>;

/**
 * Handles the messages of a node: whatever `handle` does, every message ends once, as output or as one error for Catch;
 * `msg.cancel` ends those under way; the status shows their state; a deploy passes paid requests on to the new node and
 * is never delayed.
 */
export function onMessage(RED: NodeAPI, node: Node, accountId: string | undefined, handle: Handle): void {
  const messages = new NodeMessages({ RED, node, accountId, handle });
  node.on('input', (msg, send, done) => messages.receive(msg, send, done));
  node.on('close', (removed: boolean, done: () => void) => {
    messages.close(removed);
    done();
  });
}

interface NodeMessagesOptions {
  RED: NodeAPI;
  node: Node;
  accountId: string | undefined;
  handle: Handle;
}

/** The messages of one node that have not ended. */
class NodeMessages {
  readonly #options: NodeMessagesOptions;
  readonly #account: NanogptAccount | null;
  readonly #translate: Translate;
  readonly #status: StatusDisplay;
  readonly #active = new ActiveList<Work>();
  readonly #quiet: QuietErrors;
  /** Reports messages that were cancelled together, by the message. */
  readonly #reports = new WeakMap<Message, () => void>();

  constructor(options: NodeMessagesOptions) {
    const { RED, node, accountId = '' } = options;
    this.#options = options;
    this.#account = RED.nodes.getNode(accountId) as NanogptAccount | null;
    this.#translate = makeTranslate(RED);
    this.#status = new StatusDisplay(RED, node, this.#account?.isConfigured === true);
    this.#quiet = quietErrors(node);
  }

  receive(msg: Message, send: Send, done: Done): void {
    if (isCancel(msg)) {
      this.#cancel(msg.cancelId);
      return done();
    }
    this.#finish(resume(msg) ?? new Work(msg, (work) => this.#run(work)), send, done);
  }

  /** Ends all messages; of a node that was not removed, requests under way wait for its successor. */
  close(removed: boolean): void {
    const { RED, node } = this.#options;
    const count = { ended: 0, sent: 0 };
    for (const work of this.#active) {
      count[work.isUnderWay ? 'sent' : 'ended'] += 1;
      // During a deploy Catch no longer listens; a request that is paid for waits for the new node.
      if (!removed) this.#active.delete(work);
      if (!removed && work.isUnderWay) suspend(RED, node, work);
      else work.signal.abort(new ImageError('cancelled', 'node_closed'));
    }
    if (count.ended > 0) node.warn(localize(RED, 'log.ended', count));
    if (count.sent > 0 && removed) node.warn(localize(RED, 'log.removed', count));
    this.#status.close();
  }

  async #run(work: Work): Promise<Outcome> {
    // Each in its own turn of the event loop, or thousands of messages would need the memory for reading at once.
    await new Promise<void>((resolve) => setImmediate(resolve));
    const { accountId, handle } = this.#options;
    const { msg, signal } = work;
    const account = this.#account;
    if (!account) throw new ImageError('not_configured', accountId ? 'account_gone' : 'no_account');
    const outcome = await handle(msg, {
      account,
      signal,
      translate: this.#translate,
      stop: (reason) => signal.abort(reason),
      onState: (state) => {
        work.isUnderWay = state.phase === 'running';
        work.onState(state);
      },
    });
    // A result that comes after the end is not sent.
    signal.throwIfAborted();
    return outcome;
  }

  /** Ends the message when its work ends, unless the work was handed over to another node in the meantime. */
  #finish(work: Work, send: Send, done: Done): void {
    const line = this.#status.begin();
    this.#active.add(work);
    work.onState = line.move;
    const end = (state: EndState, report: () => void, summary?: string): void => {
      if (!this.#active.delete(work)) return;
      line.end(state, summary);
      report();
    };
    work.outcome
      .then(
        (outcome) => end(stateAfter(outcome), () => this.#succeed(work.msg, outcome, send, done), outcome.summary),
        (thrown: unknown) => {
          const error = toImageError(thrown, work.isUnderWay);
          end(error.code, () => this.#fail(work.msg, error, done));
        },
      )
      // Even an error while ending the message must not crash Node-RED.
      .catch((error: unknown) => this.#options.node.error(String(error)));
  }

  #succeed(msg: Message, { messages, warnings, onSent }: Outcome, send: Send, done: Done): void {
    try {
      send([messages] as never);
    } catch (error) {
      return this.#fail(msg, toImageError(error, true), done);
    }
    // The next node gets it in a moment of its own.
    if (onSent) setImmediate(onSent);
    if (warnings.length > 0) this.#options.node.warn(warnings.join(' '));
    done();
  }

  #fail(msg: Message, error: ImageError, done: Done): void {
    const { RED } = this.#options;
    error.message = this.#translate(error);
    Reflect.set(msg, 'failure', toFailure(RED, error));
    const readable = toReadable(RED, error);
    const report = error.code === 'cancelled' ? this.#reports.get(msg) : undefined;
    if (report) this.#quiet.set(readable, report);
    done(readable);
  }

  /** Each message ends with an error; where no Catch node takes those of several, the log says it once. */
  #cancel(id: unknown): void {
    const { RED, node } = this.#options;
    const ended = [...this.#active].filter(({ msg }) => id === undefined || id === msg._msgid);
    const report = once(() => node.error(localize(RED, 'log.cancelled', { cancelled: ended.length })));
    for (const { msg, signal } of ended) {
      if (ended.length > 1) this.#reports.set(msg, report);
      signal.abort(new ImageError('cancelled', 'cancelled'));
    }
  }
}

function stateAfter({ warnings, state }: Outcome): EndState {
  return warnings.length > 0 ? 'warned' : (state ?? 'done');
}

function isCancel({ cancel, reset }: Message): boolean {
  return cancel === true || (reset !== undefined && reset !== false);
}

/** The content of `msg.failure` after a Catch node. */
function toFailure(RED: NodeAPI, { code, charged, retryable, details }: ImageError): Message {
  const { status, retryAfter, requestId, urls, jobId } = details;
  return {
    code,
    charged,
    retryable,
    ...(status !== undefined && { status }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(requestId !== undefined && { requestId }),
    ...(urls !== undefined && { urls }),
    ...(jobId !== undefined && { jobId }),
    hint: localize(RED, `hint.${code}`),
  };
}

/** An unexpected error before the request was sent is free; afterwards its outcome is unknown. */
function toImageError(thrown: unknown, wasSent: boolean): ImageError {
  if (thrown instanceof ImageError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new ImageError(wasSent ? 'bad_response' : 'invalid_input', 'unforeseen', { reason }, { cause: thrown });
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}

/** Translates by key; Node-RED gives back a key that the catalogue lacks, and then the English message is used. */
export function makeTranslate(RED: NodeAPI): Translate {
  return ({ key, params, message }) => {
    const text = localize(RED, `error.${key}`);
    return text.endsWith(`error.${key}`) ? message : fill(text, params);
  };
}

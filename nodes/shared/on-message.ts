import type { Node, NodeAPI } from 'node-red';
import type { RequestOptions } from '../../src/account.js';
import { ImageError, fill } from '../../src/errors.js';
import type { Warning } from '../../src/generation.js';
import type { NanogptAccount } from '../nanogpt-config/nanogpt-config.js';
import { nodeStatus } from './status.js';

/** A message with whatever a flow has put into it. */
export type Message = Record<string, unknown>;

/** A sentence of `src/` in the language of the server. */
export type Say = (sentence: Pick<Warning, 'key' | 'params' | 'message'>) => string;

/** What a handler is given beside the message; the signal aborts with the error that the message then ends with. */
export interface Task extends Required<RequestOptions> {
  account: NanogptAccount;
  say: Say;
}

/** What a message led to. */
export interface Outcome {
  messages: Message[];
  warnings: string[];
}

type Finish = (error?: Error) => void;

/**
 * The manners of a node in one place: whatever `handle` does, every message ends once, as output or as one error for Catch;
 * `msg.cancel` ends those under way; the status shows where they stand; closing neither waits nor leaks.
 */
export function onMessage(RED: NodeAPI, node: Node, account: NanogptAccount | null, handle: (msg: Message, task: Task) => Promise<Outcome>): void {
  const say = translator(RED);
  const status = nodeStatus(RED, node, account?.isConfigured === true);
  const underWay = new Map<AbortController, unknown>();
  let stopped = false;

  const begin = async (msg: Message, { signal }: AbortController, onState: Task['onState']): Promise<Outcome> => {
    if (!account) throw new ImageError('not_configured', 'no_account');
    const outcome = await handle(msg, { account, signal, say, onState });
    // An answer that comes after the end does not go out.
    signal.throwIfAborted();
    return outcome;
  };

  const succeed = ({ messages, warnings }: Outcome, send: (messages: never) => void, done: Finish): void => {
    send([messages] as never);
    if (warnings.length > 0) node.warn(warnings.join(' '));
    done();
  };

  const fail = (msg: Message, error: ImageError, done: Finish): void => {
    error.message = say(error);
    Reflect.set(msg, 'failure', failureOf(RED, error));
    done(error);
  };

  const cancel = (id: unknown): void => {
    for (const [controller, messageId] of underWay) {
      if (id === undefined || id === messageId) controller.abort(new ImageError('cancelled', 'cancelled'));
    }
  };

  node.on('input', (incoming, send, done) => {
    const msg = incoming as Message;
    if (isCancel(msg)) {
      cancel(msg.cancelId);
      return done();
    }
    const controller = new AbortController();
    underWay.set(controller, msg._msgid);
    const line = status.begin();
    const end = (outcome: string): void => {
      underWay.delete(controller);
      line.end(outcome);
    };
    begin(msg, controller, line.move)
      .then((outcome) => {
        end(outcome.warnings.length > 0 ? 'warned' : 'done');
        succeed(outcome, send, done);
      })
      .catch((thrown: unknown) => {
        const error = toImageError(thrown);
        end(error.code);
        // After a stop nobody listens any more; those are counted in `close`.
        if (!stopped) fail(msg, error, done);
      })
      // Even what goes wrong while an error is told must not end Node-RED.
      .catch((error: unknown) => node.error(String(error)));
  });

  node.on('close', (removed: boolean, done: () => void) => {
    stopped = !removed;
    if (underWay.size > 0) node.warn(RED._('log.stopped', { stopped: underWay.size }));
    for (const controller of underWay.keys()) controller.abort(new ImageError('cancelled', 'node_closed'));
    status.close();
    done();
  });
}

function isCancel({ cancel, reset }: Message): boolean {
  return cancel === true || (reset !== undefined && reset !== false);
}

/** What a flow finds in `msg.failure` behind a Catch node. */
function failureOf(RED: NodeAPI, { code, charged, retryable, details }: ImageError): Message {
  const { status, retryAfter, requestId, urls } = details;
  return {
    code,
    charged,
    retryable,
    ...(status !== undefined && { status }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(requestId !== undefined && { requestId }),
    ...(urls !== undefined && { urls }),
    hint: RED._(`hint.${code}`),
  };
}

/** The outcome of what nobody foresaw is not known. */
function toImageError(thrown: unknown): ImageError {
  if (thrown instanceof ImageError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new ImageError('bad_response', 'unforeseen', { reason }, { cause: thrown });
}

/** Gives the catalogue's sentence; the English one where the catalogue has none and gives back the key. */
export function translator(RED: NodeAPI): Say {
  return ({ key, params, message }) => {
    const sentence = RED._(`error.${key}`);
    return sentence.endsWith(`error.${key}`) ? message : fill(sentence, params);
  };
}

import type { Node, NodeAPI } from 'node-red';
import { ImageError, fill } from '../../src/errors.js';
import type { Warning } from '../../src/generation.js';
import type { NanogptAccount } from '../nanogpt-config/nanogpt-config.js';
import { nodeStatus } from './status.js';

/** A message with whatever a flow has put into it. */
export type Message = Record<string, unknown>;

/** What a handler is given beside the message. */
export interface Task {
  account: NanogptAccount;
  /** Aborts with the error that the message then ends with. */
  signal: AbortSignal;
  /** A sentence of `src/` in the language of the server. */
  say(sentence: Pick<Warning, 'key' | 'params' | 'message'>): string;
}

/** What a message led to. */
export interface Outcome {
  messages: Message[];
  warnings: string[];
}

/**
 * The manners of a node in one place: whatever `handle` does, every message ends once, as output or as one error for Catch,
 * the status shows it, and closing neither waits nor leaks.
 */
export function onMessage(RED: NodeAPI, node: Node, account: NanogptAccount | null, handle: (msg: Message, task: Task) => Promise<Outcome>): void {
  const say = translator(RED);
  const status = nodeStatus(RED, node);
  const running = new Set<AbortController>();
  let closed = false;
  status.show(account?.isConfigured === true ? 'idle' : 'not_configured');

  node.on('input', (msg, send, done) => {
    const controller = new AbortController();
    running.add(controller);
    status.show('running', running.size);
    const end = (state: string, finish: () => void): void => {
      running.delete(controller);
      if (closed) return;
      status.show(running.size > 0 ? 'running' : state, running.size);
      finish();
    };
    start(msg as Message, controller.signal).then(
      ({ messages, warnings }) =>
        end(warnings.length > 0 ? 'warned' : 'done', () => {
          send([messages as never]);
          if (warnings.length > 0) node.warn(warnings.join(' '));
          done();
        }),
      (thrown: unknown) => {
        const error = translated(toImageError(thrown), say);
        end(error.code, () => {
          Reflect.set(msg, 'failure', failureOf(RED, error));
          done(error);
        });
      },
    );
  });

  node.on('close', (removed: boolean, done: () => void) => {
    closed = !removed;
    if (running.size > 0) node.warn(RED._('log.stopped', { stopped: running.size } as never));
    for (const controller of running) controller.abort(new ImageError('cancelled', 'node_closed'));
    status.close();
    done();
  });

  async function start(msg: Message, signal: AbortSignal): Promise<Outcome> {
    if (!account) throw new ImageError('not_configured', 'no_account');
    return handle(msg, { account, signal, say });
  }
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

function translated(error: ImageError, say: Task['say']): ImageError {
  error.message = say(error);
  return error;
}

/** The catalogue's sentence; the English one where the catalogue has none and gives back the key. */
function translator(RED: NodeAPI): Task['say'] {
  return ({ key, params, message }) => {
    const sentence = RED._(`error.${key}`);
    return sentence.endsWith(`error.${key}`) ? message : fill(sentence, params);
  };
}

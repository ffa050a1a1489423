import type { Node, NodeAPI, NodeStatus } from 'node-red';
import type { RequestState } from '../../src/account/send-request.js';
import type { ErrorCode } from '../../src/errors.js';
import { localize } from './localize.js';
import type { SharedKey } from './text-keys.js';

/** How a message ended. */
export type EndState = 'done' | 'reused' | 'warned' | ErrorCode;

/** One message in the count that the status shows. */
export interface StatusLine {
  move(state: RequestState): void;
  /** A summary stands in the place of `done`. */
  end(outcome: EndState, summary?: string): void;
}

/** The state of a message, and since when it is being handled (milliseconds since the epoch). */
interface Entry {
  state: RequestState;
  since: number;
}

/** Every status is a message to every Status node, so changed numbers are shown at most this often, in milliseconds. */
const pause = 10_000;

/** The duration is shown after this time, in milliseconds; most requests end sooner. */
const firstPause = 1000;

const looks: Record<string, Pick<NodeStatus, 'fill' | 'shape'>> = {
  running: { fill: 'blue', shape: 'dot' },
  waiting: { fill: 'blue', shape: 'ring' },
  done: { fill: 'green', shape: 'dot' },
  reused: { fill: 'green', shape: 'ring' },
  warned: { fill: 'yellow', shape: 'dot' },
  cancelled: { fill: 'grey', shape: 'ring' },
};

/**
 * The status of a node: how many messages run and wait, else how the last one ended. Fixed texts are catalogue keys, which each editor
 * translates; texts with a number are translated here.
 */
export function nodeStatus(RED: NodeAPI, node: Node, isConfigured: boolean): { begin(): StatusLine; close(): void } {
  const lines = new Map<StatusLine, Entry>();
  let running = 0;
  let outcome: EndState | '' = '';
  let summary: string | undefined;
  let shown = '';
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const set = (state: string, text: string, wait = firstPause): void => {
    shown = state;
    node.status(state === '' ? {} : { ...(looks[state] ?? { fill: 'red', shape: 'ring' }), text });
    clearTimeout(timer);
    timer = setTimeout(refresh, wait).unref();
  };

  const refresh = (): void => {
    timer = undefined;
    const state = stateNow();
    if (state === 'running' || state === 'waiting') set(state, state === 'running' ? runningText() : textNow(), pause);
  };

  /** Shows a new state at once, new numbers with the next refresh, and so the moment between two requests, if it lasts. */
  const update = (): void => {
    const state = stateNow();
    const isBetween = shown === 'running' && state === 'waiting' && secondsLeft() === 0;
    if (!closed && state !== shown && !isBetween) set(state, textNow());
  };

  const stateNow = (): 'running' | 'waiting' | EndState | '' =>
    running > 0 ? 'running' : lines.size > 0 ? 'waiting' : outcome;

  const textNow = (): string => {
    const state = stateNow();
    const waiting = lines.size - running;
    if (state === 'done' && summary !== undefined) return summary;
    if (state === '') return '';
    if (state !== 'waiting') return `status.${state}` satisfies SharedKey;
    const seconds = secondsLeft();
    return seconds > 0
      ? localize(RED, 'status.waiting_seconds', { waiting, seconds })
      : localize(RED, 'status.waiting_many', { waiting });
  };

  /** `2 · +3 · 12 s`: requests under way, waiting, and the time of the longest. */
  const runningText = (): string => {
    const waiting = lines.size - running;
    const oldest = [...lines.values()].find(({ state }) => state.phase === 'running')?.since ?? Date.now();
    const seconds = Math.round((Date.now() - oldest) / 1000);
    return [
      ...(running > 1 || waiting > 0 ? [String(running)] : []),
      ...(waiting > 0 ? [`+${waiting}`] : []),
      `${seconds} s`,
    ].join(' · ');
  };

  const secondsLeft = (): number => {
    let end = Infinity;
    for (const { state } of lines.values())
      if (state.phase === 'waiting' && state.until !== undefined) end = Math.min(end, state.until);
    return Number.isFinite(end) ? Math.ceil((end - Date.now()) / 1000) : 0;
  };

  set(isConfigured ? '' : 'not_configured', 'status.not_configured');
  return {
    begin() {
      const put = (state?: RequestState): void => {
        const before = lines.get(line);
        if (before?.state.phase === 'running') running -= 1;
        if (state?.phase === 'running') running += 1;
        if (state) lines.set(line, { state, since: before?.since ?? Date.now() });
        else lines.delete(line);
      };
      const line: StatusLine = {
        move(state) {
          put(state);
          update();
        },
        end(how, text) {
          put();
          outcome = how;
          summary = text === undefined ? undefined : `${timeOfDay()} · ${text}`;
          update();
        },
      };
      line.move({ phase: 'running' });
      return line;
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

function timeOfDay(): string {
  const now = new Date();
  return [now.getHours(), now.getMinutes()].map((value) => String(value).padStart(2, '0')).join(':');
}

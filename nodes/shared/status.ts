import type { Node, NodeAPI, NodeStatus } from 'node-red';
import type { RequestState } from '../../src/account/send-request.js';
import { ActiveList } from '../../src/active-list.js';
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

/** The state of a message, none once it has ended, and since when it is handled (milliseconds since the epoch). */
interface Entry {
  state: RequestState | undefined;
  readonly since: number;
}

/** Every status is a message to every Status node, so changed numbers are shown at most this often, in milliseconds. */
const pause = 10_000;

/** Characters that fit under a node, from its left edge to that of the next. */
const fullLength = 20;

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
 * The status of a node: how many messages run and wait, else how the last one ended. Fixed texts are catalogue keys,
 * which each editor translates; texts with a number are translated here.
 */
export class StatusDisplay {
  readonly #RED: NodeAPI;
  readonly #node: Node;
  readonly #entries = new ActiveList<Entry>();
  #running = 0;
  #outcome: EndState | '' = '';
  #summary: string | undefined;
  #shown = '';
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** Shows a red ring from the start where the node is not configured. */
  constructor(RED: NodeAPI, node: Node, isConfigured: boolean) {
    this.#RED = RED;
    this.#node = node;
    this.#set(isConfigured ? '' : 'not_configured', 'status.not_configured');
  }

  /** Counts one more message, as running. */
  begin(): StatusLine {
    const entry: Entry = { state: { phase: 'running' }, since: Date.now() };
    this.#entries.add(entry);
    this.#running += 1;
    this.#update();
    return {
      move: (state) => {
        this.#put(entry, state);
        this.#update();
      },
      end: (outcome, summary) => {
        this.#entries.delete(entry);
        this.#put(entry, undefined);
        this.#outcome = outcome;
        this.#summary = summary && withTime(summary);
        this.#update();
      },
    };
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #put(entry: Entry, state: RequestState | undefined): void {
    if (entry.state?.phase === 'running') this.#running -= 1;
    if (state?.phase === 'running') this.#running += 1;
    entry.state = state;
  }

  /** Shows a new state at once; new numbers, and a short wait between two requests, with the next refresh. */
  #update(): void {
    const state = this.#state;
    const isBetween = this.#shown === 'running' && state === 'waiting' && this.#secondsLeft() === 0;
    if (!this.#isClosed && state !== this.#shown && !isBetween) this.#set(state, this.#text());
  }

  #refresh(): void {
    this.#timer = undefined;
    if (this.#state === 'running') this.#set('running', this.#runningText(), pause);
    else if (this.#state === 'waiting') this.#set('waiting', this.#text(), pause);
  }

  #set(state: string, text: string, wait = firstPause): void {
    this.#shown = state;
    this.#node.status(state === '' ? {} : { ...(looks[state] ?? { fill: 'red', shape: 'ring' }), text });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refresh(), wait).unref();
  }

  get #state(): 'running' | 'waiting' | EndState | '' {
    if (this.#running > 0) return 'running';
    return this.#entries.size > 0 ? 'waiting' : this.#outcome;
  }

  get #waiting(): number {
    return this.#entries.size - this.#running;
  }

  #text(): string {
    const state = this.#state;
    if (state === 'done' && this.#summary !== undefined) return this.#summary;
    if (state === '') return '';
    if (state !== 'waiting') return `status.${state}` satisfies SharedKey;
    const [waiting, seconds] = [this.#waiting, this.#secondsLeft()];
    return seconds > 0
      ? localize(this.#RED, 'status.waiting_seconds', { waiting, seconds })
      : localize(this.#RED, 'status.waiting_many', { waiting });
  }

  /** `2 · +3 · 12 s`: requests under way, waiting, and the time of the longest. */
  #runningText(): string {
    const waiting = this.#waiting;
    const oldest = [...this.#entries].find(({ state }) => state?.phase === 'running')?.since ?? Date.now();
    const seconds = Math.round((Date.now() - oldest) / 1000);
    return [
      ...(this.#running > 1 || waiting > 0 ? [String(this.#running)] : []),
      ...(waiting > 0 ? [`+${waiting}`] : []),
      `${seconds} s`,
    ].join(' · ');
  }

  /** Until the first waiting request may go, where that is known; 0 elsewhere. */
  #secondsLeft(): number {
    let end = Infinity;
    for (const { state } of this.#entries)
      if (state?.phase === 'waiting' && state.until !== undefined) end = Math.min(end, state.until);
    return Number.isFinite(end) ? Math.ceil((end - Date.now()) / 1000) : 0;
  }
}

/** The time of day before a summary, where there is room for both. */
function withTime(summary: string): string {
  const text = `${timeOfDay()} · ${summary}`;
  return text.length > fullLength ? summary : text;
}

function timeOfDay(): string {
  const now = new Date();
  return [now.getHours(), now.getMinutes()].map((value) => String(value).padStart(2, '0')).join(':');
}

import type { Node, NodeAPI, NodeStatus } from 'node-red';

/** Where a node stands: at rest, at work, or with how its last message ended (an error code is such an end). */
export interface NodeStatusLine {
  show(state: string, running?: number): void;
  /** Stops what is still waiting to be shown. */
  close(): void;
}

/** Every status goes as a message to every Status node, so numbers that change follow at most this often, in milliseconds. */
const pause = 10_000;

const looks: Record<string, Pick<NodeStatus, 'fill' | 'shape'>> = {
  running: { fill: 'blue', shape: 'dot' },
  done: { fill: 'green', shape: 'dot' },
  warned: { fill: 'yellow', shape: 'dot' },
  cancelled: { fill: 'grey', shape: 'ring' },
};

/** The line under a node. Fixed states are catalogue keys, which each editor translates; those with a number are translated here. */
export function nodeStatus(RED: NodeAPI, node: Node): NodeStatusLine {
  let shown = { state: '', text: '' };
  let waiting: { state: string; text: string } | undefined;
  let timer: NodeJS.Timeout | undefined;

  const set = (next: { state: string; text: string }): void => {
    if (next.text === shown.text) return;
    shown = next;
    node.status(next.state === 'idle' ? {} : { ...(looks[next.state] ?? { fill: 'red', shape: 'ring' }), text: next.text });
  };

  const flush = (): void => {
    timer = undefined;
    if (!waiting) return;
    set(waiting);
    waiting = undefined;
    rest();
  };

  const rest = (): void => {
    timer = setTimeout(flush, pause).unref();
  };

  return {
    show(state, running = 0) {
      const text = running > 1 ? RED._('status.running_many', { running } as never) : `status.${state}`;
      if (state === shown.state && timer) {
        waiting = { state, text };
        return;
      }
      clearTimeout(timer);
      waiting = undefined;
      set({ state, text });
      rest();
    },
    close() {
      clearTimeout(timer);
    },
  };
}

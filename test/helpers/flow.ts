import type { EventEmitter } from 'node:events';
import helper from 'node-red-node-test-helper';
import nanogptConfig from '../../nodes/nanogpt-config/nanogpt-config.js';
import nanogptImage from '../../nodes/nanogpt-image/nanogpt-image.js';
import nanogptInfo from '../../nodes/nanogpt-info/nanogpt-info.js';

/** A message with whatever a test puts into it or looks for in it. */
// Messages have no shape that TypeScript could hold them to.
export type AnyMessage = Record<string, any>;

/** How one message ended: what came out of the node for it, or what a Catch node was given. */
export interface Ended {
  out: AnyMessage[];
  caught: AnyMessage[];
  completed: AnyMessage[];
}

/** A running flow: our node -> out, with Catch, Complete and Status beside it. */
export interface TestFlow {
  /** Sends messages into the node and waits until each has ended, as completed or as caught. */
  send(...messages: AnyMessage[]): Promise<Ended>;
  /** Sends messages and does not wait. */
  start(...messages: AnyMessage[]): void;
  /** What has ended so far. */
  ended: Ended;
  /** Resolves when so many messages have ended. */
  until(count: number): Promise<Ended>;
  /** All statuses that the node showed. */
  statuses: AnyMessage[];
  /** All warnings that the node gave. */
  warnings: string[];
}

export interface FlowOptions {
  /** Settings of the account; null = the flow has none. The built-in service where nothing else is said. */
  account?: AnyMessage | null;
  credentials?: AnyMessage;
  /** Settings of the node under test. */
  node?: AnyMessage;
  type?: 'nanogpt-image' | 'nanogpt-info';
  /** Further nodes of the flow. `out` is the node behind ours. */
  more?: AnyMessage[];
}

helper.init(require.resolve('node-red'));

/** Loads a flow with one node of ours into a real Node-RED runtime. Call `unload` after each test. */
export async function loadFlow({ account = { service: 'sandbox' }, credentials, node = {}, type = 'nanogpt-image', more = [] }: FlowOptions = {}): Promise<TestFlow> {
  const at = { z: 'tab', x: 100, y: 100 };
  const flow = [
    { id: 'tab', type: 'tab', label: 'test' },
    ...(account ? [{ id: 'account', type: 'nanogpt-config', ...account }] : []),
    { id: 'node', type, account: 'account', wires: [['out']], ...at, ...node },
    { id: 'out', type: 'helper', ...at },
    { id: 'catch', type: 'catch', scope: ['node'], wires: [['caught']], ...at },
    { id: 'caught', type: 'helper', ...at },
    { id: 'complete', type: 'complete', scope: ['node'], wires: [['completed']], ...at },
    { id: 'completed', type: 'helper', ...at },
    { id: 'status', type: 'status', scope: ['node'], wires: [['shown']], ...at },
    { id: 'shown', type: 'helper', ...at },
    ...more,
  ];
  const initialisers = [nanogptConfig, nanogptImage, nanogptInfo] as unknown as Parameters<typeof helper.load>[0];
  await helper.load(initialisers, flow as never, (credentials ? { account: credentials } : {}) as never);
  return watch();
}

/** Stops the flow and forgets it. */
export async function unload(): Promise<void> {
  await helper.unload();
}

function watch(): TestFlow {
  const node = helper.getNode('node') as unknown as EventEmitter & { receive(message: AnyMessage): void };
  const ended: Ended = { out: [], caught: [], completed: [] };
  const statuses: AnyMessage[] = [];
  const warnings: string[] = [];
  const changed = new Set<() => void>();
  const collect = (id: string, list: AnyMessage[]): void => {
    (helper.getNode(id) as unknown as EventEmitter).on('input', (message: AnyMessage) => {
      list.push(message);
      for (const look of changed) look();
    });
  };
  collect('out', ended.out);
  collect('caught', ended.caught);
  collect('completed', ended.completed);
  collect('shown', statuses);
  node.on('call:warn', (call: { args: [string] }) => warnings.push(call.args[0]));

  const until = (count: number): Promise<Ended> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (ended.caught.length + ended.completed.length < count) return;
        changed.delete(look);
        // Complete comes a turn before what was sent downstream.
        setImmediate(() => resolve(ended));
      };
      changed.add(look);
      look();
    });
  const start = (...messages: AnyMessage[]): void => messages.forEach((message) => node.receive(message));
  return {
    ended,
    statuses,
    warnings,
    start,
    until,
    send(...messages) {
      const before = ended.caught.length + ended.completed.length;
      start(...messages);
      return until(before + messages.length);
    },
  };
}

import type { EventEmitter } from 'node:events';
import helper from 'node-red-node-test-helper';
import nanogptCluster from '../../nodes/nanogpt-cluster/nanogpt-cluster.js';
import nanogptConfig from '../../nodes/nanogpt-config/nanogpt-config.js';
import nanogptImage from '../../nodes/nanogpt-image/nanogpt-image.js';
import nanogptImages from '../../nodes/nanogpt-images/nanogpt-images.js';
import nanogptInfo from '../../nodes/nanogpt-info/nanogpt-info.js';
import { closeAccount } from '../../src/account/registry.js';
import { loadCore, nodeRedDir, requireNodeRed } from './node-red-modules.js';
import { type TestService, startService } from './service.js';

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
  /** Puts a message into another node than ours. */
  put(id: string, message: AnyMessage): void;
  /** Resolves when so many messages have come out. */
  out(count: number): Promise<AnyMessage[]>;
  /** Everything that the runtime has logged. */
  log(): unknown[];
  /** Sends messages into the node and waits until each has ended, as completed or as caught. */
  send(...messages: AnyMessage[]): Promise<Ended>;
  /** Sends messages and does not wait. */
  start(...messages: AnyMessage[]): void;
  /** What has ended so far. */
  ended: Ended;
  /** Resolves when so many messages have ended. */
  until(count: number): Promise<Ended>;
  /** What the node showed as soon as it was there. */
  firstStatus: AnyMessage | undefined;
  /** All statuses that the node showed since. */
  statuses: AnyMessage[];
  /** All warnings that the node gave. */
  warnings: string[];
}

export interface FlowOptions {
  /** Settings of the account; null = the flow has none. The built-in service where nothing else is said. */
  account?: AnyMessage | null;
  credentials?: AnyMessage;
  /** Credentials of further nodes, by their ids. */
  moreCredentials?: Record<string, AnyMessage>;
  /** Settings of the node under test. */
  node?: AnyMessage;
  type?: 'nanogpt-image' | 'nanogpt-info';
  /** Further nodes of the flow. `out` is the node behind ours. */
  more?: AnyMessage[];
  /** Files of the core nodes among those, as `function/10-switch`. */
  core?: string[];
  /** Whether the service of a served flow has all of NanoGPT's lists of models. */
  hasAllLists?: boolean;
}

/** A flow whose account speaks to a service of the test's own. */
export interface ServedFlow extends TestFlow {
  service: TestService;
}

/** What the runtime tells of; its types do not know of it. */
const { events } = requireNodeRed('@node-red/util') as { events: EventEmitter };

helper.init(nodeRedDir);

/** Plugin and nodes in the order in which Node-RED loads them. */
const ourNodes = [nanogptImages, nanogptCluster, nanogptConfig, nanogptImage, nanogptInfo];

/** Loads a flow with one node of ours into a real Node-RED runtime. Call `unload` after each test. */
export async function loadFlow({
  account = { service: 'sandbox' },
  credentials,
  moreCredentials = {},
  node = {},
  type = 'nanogpt-image',
  more = [],
  core = [],
}: FlowOptions = {}): Promise<TestFlow> {
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
  const initialisers: unknown[] = [...ourNodes, ...core.map(loadCore)];
  let firstStatus: AnyMessage | undefined;
  const show = ({ id, status }: AnyMessage): void => {
    if (id === 'node') firstStatus = status as AnyMessage;
  };
  events.on('node-status', show);
  await helper.load(initialisers as Parameters<typeof helper.load>[0], flow as never, {
    ...(credentials && { account: credentials }),
    ...moreCredentials,
  });
  events.off('node-status', show);
  return { ...watch(), firstStatus };
}

/** The key of the account in `serve`: nothing that leaves the nodes may hold it. */
export const apiKey = 'sk-nano-11111111-2222-3333-4444-555555555555';

/** Loads a flow whose account takes a service of the test's own for NanoGPT; each failure ends after one try. */
export async function serve(
  reply: TestService['reply'],
  { account = {}, hasAllLists = false, ...options }: FlowOptions = {},
): Promise<ServedFlow> {
  const service = await startService(reply, { hasAllLists });
  const flow = await loadFlow({
    credentials: { apiKey },
    ...options,
    account: { service: 'nanogpt', baseUrl: service.url, retries: 0, perMinute: 0, ...account },
  });
  return { ...flow, service };
}

/** Stops the flow and forgets it, with the connections of its account. */
export async function unload(): Promise<void> {
  await helper.unload();
  closeAccount('account');
}

function watch(): Omit<TestFlow, 'firstStatus'> {
  const node = getNode('node');
  const ended: Ended = { out: [], caught: [], completed: [] };
  const statuses: AnyMessage[] = [];
  const warnings: string[] = [];
  const changed = new Set<() => void>();
  const collect = (id: string, list: AnyMessage[]): void => {
    getNode(id).on('input', (message: AnyMessage) => {
      list.push(message);
      for (const look of changed) look();
    });
  };
  collect('out', ended.out);
  collect('caught', ended.caught);
  collect('completed', ended.completed);
  collect('shown', statuses);
  node.on('call:warn', (call: { args: [string] }) => warnings.push(call.args[0]));

  const when = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return;
        changed.delete(look);
        // Complete comes a turn before what was sent downstream.
        setImmediate(resolve);
      };
      changed.add(look);
      look();
    });
  const until = (count: number): Promise<Ended> =>
    when(() => ended.caught.length + ended.completed.length >= count).then(() => ended);
  const start = (...messages: AnyMessage[]): void => messages.forEach((message) => node.receive(message));
  return {
    put: (id, message) => getNode(id).receive(message),
    out: (count) => when(() => ended.out.length >= count).then(() => ended.out),
    log: () => (helper.log() as unknown as { args: unknown[] }).args,
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

function getNode(id: string): EventEmitter & { receive(message: AnyMessage): void } {
  return helper.getNode(id) as never;
}

import type { RunningNodeRed } from '../helpers/node-red.js';
import { type Parts, inSubflow, oneAtATime, slowToClose, splitAndJoined } from './flows.js';
import type { RedeployFixture } from '../helpers/redeploy-fixture.js';

/** What happens to the flows while a service makes an image, and what must follow. */
export interface Redeploy {
  redeploy: string;
  /** One node between a button and function nodes where nothing else is said. */
  flow?: (url: string) => Parts;
  /** Messages that ask, and requests of theirs that the service has when it happens; one each where nothing else is said. */
  messages?: number;
  requests?: number;
  happens(fixture: RedeployFixture): Promise<void>;
  /** The status of the service's answer; 200 with an image where nothing else is said. */
  status?: number;
  /** Takes 10 s: played beside the rest in a Node-RED of its own. */
  isSlow?: boolean;
  saw: string;
  out: string;
  /** Messages that a Complete node is reported of; one where the image comes out. */
  completed?: number;
  log: string;
}

const image = { wires: [['fresh']] };
const changed = { name: 'changed' };

const kept = { saw: '1 request, answered', out: 'the image', log: '' };
const handedOver = { saw: '1 request, answered', out: 'the image, from the new node', log: '' };
const dropped = {
  saw: '1 request, cut off',
  out: 'nothing',
  log: '1 request(s) under way were given up; the service may have charged them.',
};
const removed = {
  saw: '1 request, cut off',
  out: 'Catch: `cancelled`, charged: unknown',
  log: '1 request(s) under way were stopped with their node; the service may have charged them.',
};

/** Stops or starts all flows. */
export async function setFlows(nodeRed: RunningNodeRed, state: 'stop' | 'start'): Promise<void> {
  await nodeRed.post('/flows/state', { state });
}

/** All that is played, each while the service has the request and has not answered. */
export const table: Redeploy[] = [
  { redeploy: 'full deploy', happens: ({ deploy }) => deploy('full', { image }), ...handedOver },
  {
    redeploy: 'full deploy twice in a row',
    happens: async ({ deploy }) => void (await deploy('full'), await deploy('full', { image })),
    ...handedOver,
  },
  {
    redeploy: 'a second full deploy before the first is through',
    happens: async ({ deploy }) => void (await Promise.all([deploy('full'), deploy('full', { image })])),
    ...handedOver,
  },
  {
    redeploy: 'deploy of changed nodes: this one',
    happens: ({ deploy }) => deploy('nodes', { image: { ...image, ...changed } }),
    ...handedOver,
  },
  {
    redeploy: 'deploy of changed nodes: another one',
    happens: ({ deploy }) => deploy('nodes', { other: changed }),
    ...kept,
  },
  { redeploy: 'deploy of changed flows: this one', happens: ({ deploy }) => deploy('flows', { image }), ...handedOver },
  {
    redeploy: 'the account changed: its name',
    happens: ({ deploy }) => deploy('nodes', { account: changed, image }),
    ...handedOver,
  },
  {
    redeploy: 'the account changed: its time limit',
    happens: ({ deploy }) => deploy('nodes', { account: { timeout: 20 }, image }),
    ...handedOver,
  },
  {
    redeploy: 'the account changed: its address',
    happens: ({ deploy }) => deploy('nodes', { account: { baseUrl: 'http://127.0.0.1:9' }, image }),
    ...handedOver,
  },
  {
    redeploy: 'full deploy, and another node takes 11 s to close',
    flow: slowToClose,
    happens: ({ deploy }) => deploy('full', { image }),
    isSlow: true,
    ...handedOver,
  },
  {
    redeploy: 'full deploy, and the flow debugger holds the message up',
    happens: ({ deploy }) => deploy('full', { image: { ...image, name: 'held' } }),
    ...handedOver,
  },
  {
    redeploy: 'full deploy, inside a subflow',
    flow: inSubflow,
    happens: ({ deploy }) => deploy('full', { instance: image }),
    ...handedOver,
  },
  {
    redeploy: 'deploy of changed nodes, between Split and Join',
    flow: splitAndJoined,
    requests: 2,
    happens: ({ deploy }) => deploy('nodes', { image: changed }),
    saw: '2 requests, answered',
    out: 'the array of both images',
    completed: 2,
    log: '',
  },
  {
    redeploy: 'full deploy, then the service fails',
    happens: ({ deploy }) => deploy('full'),
    status: 500,
    saw: '1 request, answered',
    out: 'Catch: `server_failed`, charged: unknown',
    log: '',
  },
  {
    redeploy: 'full deploy while two more messages wait',
    flow: oneAtATime,
    messages: 3,
    requests: 1,
    happens: ({ deploy }) => deploy('full', { image }),
    ...handedOver,
    log: '2 message(s) that waited were ended.',
  },
  { redeploy: 'the node is disabled', happens: ({ deploy }) => deploy('nodes', { image: { d: true } }), ...removed },
  { redeploy: 'the node is deleted', happens: ({ deploy }) => deploy('nodes', { image: null }), ...removed },
  {
    redeploy: 'the account is deleted',
    happens: ({ deploy }) => deploy('nodes', { account: null }),
    saw: '1 request, cut off',
    out: 'Catch: `connection_lost`, charged: unknown',
    log: '',
  },
  {
    redeploy: 'its tab is disabled',
    happens: ({ deploy }) => deploy('flows', { tab: { disabled: true } }),
    ...removed,
    out: 'nothing',
  },
  {
    redeploy: 'its tab is deleted',
    happens: ({ deploy, onTab }) =>
      deploy('full', Object.fromEntries(['tab', ...onTab('tab')].map((id) => [id, null]))),
    ...removed,
    out: 'nothing',
  },
  {
    redeploy: 'the instance of its subflow is deleted',
    flow: inSubflow,
    happens: ({ deploy }) => deploy('nodes', { instance: null }),
    ...dropped,
  },
  {
    redeploy: 'all flows are stopped and started',
    happens: async ({ nodeRed }) => void (await setFlows(nodeRed, 'stop'), await setFlows(nodeRed, 'start')),
    ...kept,
  },
  {
    redeploy: 'all flows are stopped, for longer than 10 s',
    happens: async ({ nodeRed, reported }) =>
      void (await setFlows(nodeRed, 'stop'), await reported(/given up/, 1, 15_000), await setFlows(nodeRed, 'start')),
    isSlow: true,
    ...dropped,
  },
  { redeploy: 'Node-RED is stopped (SIGTERM)', happens: ({ nodeRed }) => nodeRed.stop('SIGTERM'), ...dropped },
];

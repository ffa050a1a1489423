import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterTiming } from '../../src/cluster/timing.js';
import { type FlowNode, type NodeRedOptions, type RunningNodeRed, startNodeRed } from './node-red.js';
import { installed, root, temporaryFolder } from './packed.js';

/** One real Node-RED of a cluster. Its flow asks by `ask` and logs how each message ended. */
export interface ClusterNodeRed {
  /** The process of now: another one after `restart`. */
  nodeRed: RunningNodeRed;
  /** Sends so many messages into the image node; the prompts name them. Resolves when they are in the flow. */
  ask(prompts: string[]): Promise<void>;
  /** Prompts that left the image node, each as often as it did; over all processes. */
  delivered(): string[];
  /** Messages that a Catch node got: prompt, code and charged. */
  failed(): { prompt: string; code: string; charged: string }[];
  /** Ends the process as a power failure does. */
  kill(): Promise<void>;
  /** Starts it again in the same user directory. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface ClusterFixtureOptions {
  redis: { url: string };
  service: { url: string };
  /** Tells its requests from those of others; the same for all where nothing else is said. */
  apiKey?: string;
  /** Settings of the config nodes as the dialogs save them. */
  account?: Record<string, unknown>;
  cluster?: Record<string, unknown>;
  node?: Record<string, unknown>;
}

/** So impatient that a test need not wait long, and patient enough for processes on two busy cores. */
export const impatient: ClusterTiming = {
  ...{
    heartbeat: 300,
    alive: 3000,
    block: 600,
    grace: 1500,
    noWorker: 8000,
    away: 8000,
    sweep: 300,
    look: 300,
    lock: 3000,
  },
};

/** The secret of the cluster of all fixtures. */
export const clusterSecret = 'the secret of the tests';

/** Resolves once something is so; rejects after so many milliseconds with what `tell` tells. */
export async function waitFor(isSo: () => boolean, timeout: number, tell = (): string => ''): Promise<void> {
  const end = Date.now() + timeout;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`${timeout} ms passed. ${tell()}`);
    await sleep(20);
  }
}

/** Starts one Node-RED whose account `home` is in a cluster; several share it where Redis and prefix are the same. */
export async function startClusterNodeRed(options: ClusterFixtureOptions): Promise<ClusterNodeRed> {
  const env = await clusterEnvironment();
  let nodeRed = await startNodeRed({ env });
  /** The log of processes that have ended. */
  let before = '';
  await nodeRed.deploy(toFlow(options), {
    account: { apiKey: options.apiKey ?? 'sk-nano-of-the-test' },
    cluster: { secret: clusterSecret },
  });
  const find = (pattern: RegExp): RegExpMatchArray[] => [...(before + nodeRed.log()).matchAll(pattern)];
  const again: NodeRedOptions = { userDir: nodeRed.userDir, env };
  return {
    get nodeRed() {
      return nodeRed;
    },
    async ask(prompts) {
      const { status } = await nodeRed.post('/ask', { prompts });
      if (status !== 200) throw new Error(`Node-RED answered ${status}`);
    },
    delivered: () => find(/function:delivered\] (\S+)/g).map(([, prompt = '']) => prompt),
    failed: () =>
      find(/function:failed\] (\S+) (\S+) (\S+)/g).map(([, prompt = '', code = '', charged = '']) => ({
        ...{ prompt, code, charged },
      })),
    kill: () => nodeRed.kill(),
    async restart() {
      before += nodeRed.log();
      nodeRed = await startNodeRed(again);
    },
    stop: () => nodeRed.stop('SIGKILL'),
  };
}

/** A flow of core nodes around one image node. */
function toFlow({ redis, service, account, cluster, node }: ClusterFixtureOptions): FlowNode[] {
  const code = (id: string, func: string, wires: string[][]): FlowNode => ({
    ...{ id, type: 'function', z: 'tab', name: id, func, wires, x: 100, y: 100, outputs: wires.length },
  });
  return [
    { id: 'tab', type: 'tab', label: 'cluster' },
    {
      ...{ id: 'cluster', type: 'nanogpt-cluster', name: '', url: redis.url, prefix: 'test', role: 'both' },
      ...{ replicas: '', timezone: '' },
      ...cluster,
    },
    {
      ...{
        id: 'account',
        type: 'nanogpt-config',
        name: '',
        service: 'nanogpt',
        baseUrl: service.url,
        model: 'counted',
      },
      ...{ timeout: 5, perMinute: 0, history: 'disk', cluster: 'cluster', clusterAccount: 'home' },
      ...account,
    },
    { id: 'http', type: 'http in', z: 'tab', url: '/ask', method: 'post', wires: [['split', 'response']], x: 1, y: 1 },
    { id: 'response', type: 'http response', z: 'tab', statusCode: '200', wires: [], x: 1, y: 1 },
    code('split', 'return [msg.payload.prompts.map((prompt) => ({ payload: prompt, prompt }))];', [['image']]),
    { id: 'image', type: 'nanogpt-image', z: 'tab', account: 'account', wires: [['delivered']], x: 1, y: 1, ...node },
    code('delivered', 'node.warn(msg.prompt);', [[]]),
    { id: 'catch', type: 'catch', z: 'tab', scope: ['image'], wires: [['failed']], x: 1, y: 1 },
    code('failed', 'node.warn(`${msg.prompt} ${msg.failure.code} ${msg.failure.charged}`);', [[]]),
  ];
}

let environment: Promise<Record<string, string>> | undefined;

/** What processes of the installed package are started with, so that they find the packages of a cluster and are impatient. */
export function clusterEnvironment(): Promise<Record<string, string>> {
  return (environment ??= prepareEnvironment());
}

async function prepareEnvironment(): Promise<Record<string, string>> {
  await linkClusterPackages();
  const timing = join(await installedPackage(), 'dist/src/cluster/timing.js');
  const file = join(temporaryFolder(), 'impatient.cjs');
  await writeFile(
    file,
    `Object.assign(require(${JSON.stringify(timing)}).usualTiming, ${JSON.stringify(impatient)});\n`,
  );
  return { NODE_OPTIONS: `--require ${file}` };
}

/** Where the packed package lies that the processes of a cluster run. */
export async function installedPackage(): Promise<string> {
  return join(await installed(), 'node_modules/@flow-easel/node-red-nanogpt');
}

/** The packages that a user of a cluster installs beside this one. */
async function linkClusterPackages(): Promise<void> {
  const folder = join(await installed(), 'node_modules');
  await mkdir(folder, { recursive: true });
  for (const name of ['bullmq', 'ioredis'])
    await symlink(join(root, 'node_modules', name), join(folder, name), 'junction').catch(() => undefined);
}

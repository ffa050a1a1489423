import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FlowNode, type NodeRedOptions, type RunningNodeRed, startNodeRed } from './node-red.js';
import { installed, root } from './packed.js';

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
  /** Settings of the config nodes as the dialogs save them. */
  account?: Record<string, unknown>;
  cluster?: Record<string, unknown>;
  node?: Record<string, unknown>;
}

/** Resolves once something is so; rejects after so many milliseconds with what `tell` tells. */
export async function waitFor(isSo: () => boolean, timeout: number, tell = (): string => ''): Promise<void> {
  const end = Date.now() + timeout;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`${timeout} ms passed. ${tell()}`);
    await sleep(20);
  }
}

let linked: Promise<void> | undefined;

/** Starts one Node-RED whose account `home` is in a cluster; several share it where Redis and prefix are the same. */
export async function startClusterNodeRed(options: ClusterFixtureOptions): Promise<ClusterNodeRed> {
  await (linked ??= linkClusterPackages());
  let nodeRed = await startNodeRed();
  /** The log of processes that have ended. */
  let before = '';
  await nodeRed.deploy(toFlow(options), {
    account: { apiKey: 'sk-nano-of-the-test' },
    cluster: { secret: 'the secret of the tests' },
  });
  const find = (pattern: RegExp): RegExpMatchArray[] => [...(before + nodeRed.log()).matchAll(pattern)];
  const again: NodeRedOptions = { userDir: nodeRed.userDir };
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

/** The packages that a user of a cluster installs beside this one. */
async function linkClusterPackages(): Promise<void> {
  const folder = join(await installed(), 'node_modules');
  await mkdir(folder, { recursive: true });
  for (const name of ['bullmq', 'ioredis'])
    await symlink(join(root, 'node_modules', name), join(folder, name), 'junction').catch(() => undefined);
}

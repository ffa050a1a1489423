import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import {
  type ClusterNodeRed,
  clusterEnvironment,
  clusterSecret,
  installedPackage,
  startClusterNodeRed,
} from './cluster-fixture.js';
import { temporaryFolder } from './packed.js';
import { type RedisTap, startRedisTap } from './redis-tap.js';

/** A Node-RED or a worker of a cluster, which a test kills and starts again. */
export interface ClusterProcess {
  tap: RedisTap;
  /** Tells its requests from those of others. */
  apiKey: string;
  /** Whether it runs and is not about to be started again. */
  isReady: boolean;
  /** Where ledger and history lie, and the name of the account there. */
  storage: { directory: string; name: string };
  /** Absent = a worker, which has no flows. */
  nodeRed?: ClusterNodeRed;
  /** Ends it at once, as a power failure does, and resolves once it runs again. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

export interface ProcessOptions {
  redis: { port: number };
  service: { url: string };
  apiKey: string;
  /** Settings of the config nodes, as the dialogs save them. */
  account: Record<string, unknown>;
  cluster: Record<string, unknown>;
}

/** Starts a Node-RED whose account `home` is in a cluster. */
export async function startNodeRedProcess({ redis, ...options }: ProcessOptions): Promise<ClusterProcess> {
  const tap = await startRedisTap(redis.port);
  const nodeRed = await startClusterNodeRed({ ...options, redis: tap });
  const storage = { directory: join(nodeRed.nodeRed.userDir, 'flow-easel-nanogpt'), name: 'account' };
  const { apiKey } = options;
  return restartable({ tap, apiKey, storage, nodeRed }, nodeRed);
}

/** Starts a `nanogpt-worker` for the same account. */
export async function startWorkerProcess({ redis, service, apiKey }: ProcessOptions): Promise<ClusterProcess> {
  const tap = await startRedisTap(redis.port);
  const storage = { directory: temporaryFolder(), name: 'home' };
  const named = { account: 'home', prefix: 'test', redis: tap.url, 'base-url': service.url, timeout: '5' };
  const args = Object.entries({ ...named, directory: storage.directory }).flatMap(([name, value]) => [
    `--${name}`,
    value,
  ]);
  const file = join(await installedPackage(), 'dist/src/cluster/worker-command.js');
  const env = { ...(await clusterEnvironment()), NANOGPT_API_KEY: apiKey, NANOGPT_CLUSTER_SECRET: clusterSecret };
  const start = (): ReturnType<typeof spawn> =>
    spawn(process.execPath, [file, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  let child = start();
  await once(child.stdout!, 'data');
  const kill = async (): Promise<void> => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  const restart = async (): Promise<void> => {
    child = start();
    await once(child.stdout!, 'data');
  };
  return restartable({ tap, apiKey, storage }, { kill, restart, stop: kill });
}

function restartable(
  parts: Omit<ClusterProcess, 'isReady' | 'killAndRestart' | 'stop'>,
  { kill, restart, stop }: Pick<ClusterNodeRed, 'kill' | 'restart' | 'stop'>,
): ClusterProcess {
  const started: ClusterProcess = {
    ...parts,
    isReady: true,
    async killAndRestart() {
      started.isReady = false;
      await kill();
      await restart();
      started.isReady = true;
    },
    async stop() {
      await stop();
      parts.tap.close();
    },
  };
  return started;
}

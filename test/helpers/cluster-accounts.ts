import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Account } from '../../src/account/account.js';
import type { RequestOptions } from '../../src/account/send-request.js';
import type { AccountOptions, AccountSettings } from '../../src/account/settings.js';
import { systemClock } from '../../src/clock.js';
import type { AccountCluster } from '../../src/cluster/cluster-settings.js';
import type { ClusterTiming } from '../../src/cluster/timing.js';
import { DiskStore } from '../../src/history/disk-store.js';
import type { Generation } from '../../src/generation.js';
import { fixtureSettings } from './account-fixture.js';
import { temporaryFolder } from './packed.js';
import type { SharedRedis } from './redis.js';

/** So patient that a test need not wait, and no more. */
export const quickTiming: ClusterTiming = {
  ...{
    heartbeat: 100,
    alive: 600,
    block: 150,
    grace: 300,
    noWorker: 600,
    away: 1500,
    sweep: 100,
    look: 100,
    lock: 1000,
  },
};

/**
 * For tests in which no process is killed: one that is slow on a busy machine is not taken for dead, nor Redis for away.
 * Whoever is closed says so, and is dead at once.
 */
export const patientTiming: ClusterTiming = { ...quickTiming, alive: 10_000, noWorker: 15_000, away: 15_000 };

/** One instance of a test, in this process. */
export interface TestInstance {
  account: Account;
  ask(prompt: string, options?: Partial<RequestOptions> & { n?: number }): Promise<Generation>;
}

export interface InstanceOptions {
  cluster?: Partial<AccountCluster>;
  settings?: Partial<AccountSettings>;
  options?: Partial<AccountOptions>;
}

/** Of this process: a Redis that others use, too, may know accounts of earlier ones. */
const run = randomUUID().slice(0, 8);
let accounts = 0;

let folder: string | undefined;

/** A name that no other test has. */
export function newAccountName(): string {
  return `account-${run}-${(accounts += 1)}`;
}

/** The settings of a cluster for an account of that name, where a test says nothing else. */
export function clusterOf({ url }: Pick<SharedRedis, 'url'>, account: string): AccountCluster {
  return {
    ...{ url, password: '', secret: 'a secret of the tests', prefix: 'test', role: 'both', replicas: '' },
    ...{ timezone: 'UTC', account },
  };
}

/** An account of a cluster with a ledger of its own, as another machine would have. */
export function startInstance(
  redis: Pick<SharedRedis, 'url'>,
  url: string,
  account: string,
  { cluster = {}, settings = {}, options = {} }: InstanceOptions = {},
): TestInstance {
  const shared = { ...clusterOf(redis, account), ...cluster };
  const started = new Account(
    { ...fixtureSettings, model: 'counted', baseUrl: url, timeout: 30_000, cluster: shared, ...settings },
    {
      timing: quickTiming,
      storage: { directory: join((folder ??= temporaryFolder()), randomUUID()), name: 'account' },
      ...options,
    },
  );
  return {
    account: started,
    ask: (prompt, { n, ...rest } = {}) =>
      started.generate(
        { prompt, images: [], extra: {}, ...(n !== undefined && { n }) },
        { signal: new AbortController().signal, ...rest },
      ),
  };
}

/** The prompts of the images in the history of an instance that keeps it on disk. */
export async function listPrompts({ directory, name }: { directory: string; name: string }): Promise<string[]> {
  const onFailure = (cause: unknown): void => assert.fail(String(cause));
  const store = new DiskStore({
    directory: join(directory, 'history', name),
    mostBytes: 1e10,
    clock: systemClock,
    onFailure,
  });
  return (await store.list({ limit: Infinity })).map(({ prompt }) => prompt);
}

#!/usr/bin/env node
/** `nanogpt-worker`: sends the requests of a cluster without a Node-RED. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Account } from '../account/account.js';
import type { AccountSettings } from '../account/settings.js';
import { type Service, paidServices, services } from '../api/services.js';
import { ImageError } from '../errors.js';
import { clusterDefaults } from './rules.js';
import { readAccountCluster } from './read-cluster-settings.js';

const options = {
  account: { type: 'string' },
  redis: { type: 'string', default: process.env.REDIS_URL ?? clusterDefaults.url },
  prefix: { type: 'string', default: clusterDefaults.prefix },
  timezone: { type: 'string', default: '' },
  service: { type: 'string', default: 'nanogpt' },
  'base-url': { type: 'string', default: process.env.NANOGPT_BASE_URL ?? '' },
  concurrency: { type: 'string' },
  timeout: { type: 'string', default: '300' },
  directory: { type: 'string', default: join(homedir(), '.nanogpt-worker') },
  help: { type: 'boolean', short: 'h' },
} as const;

const help = `Usage: nanogpt-worker --account NAME [options]

Sends the image requests of Node-REDs that share an account over Redis.

  --account NAME      the account's name in the cluster
  --redis URL         the cluster's Redis, also as REDIS_URL; ${clusterDefaults.url} if not given
  --prefix TEXT       as in the cluster; ${clusterDefaults.prefix} if not given
  --timezone NAME     as in the cluster; UTC if not given
  --service NAME      ${services.join(', ')}; nanogpt if not given
  --base-url URL      also as NANOGPT_BASE_URL; the service's own if not given
  --concurrency N     requests at once over the whole cluster; as the Node-REDs say if not given
  --timeout SECONDS   for one request; 300 if not given
  --directory PATH    where it keeps its ledger; ~/.nanogpt-worker if not given
  --help              this text

From the environment alone: NANOGPT_API_KEY, NANOGPT_CLUSTER_SECRET (that of the cluster) and REDIS_PASSWORD.
`;

/** Redis is tried again after this time, in milliseconds. */
const retryDelay = 2000;

type Values = ReturnType<typeof readArguments>['values'];

async function main(): Promise<void> {
  const { values } = readArguments();
  if (values.help) return void process.stdout.write(help);
  const name = values.account ?? '';
  const account = new Account(readSettings(name, values), {
    storage: { directory: values.directory, name },
    onWarning: ({ message }) => void process.stderr.write(`${message}\n`),
  });
  account.warnings();
  const end = (): void => {
    process.stdout.write('Finishing what is under way.\n');
    account
      .leave()
      .then(() => process.exit())
      .catch(fail);
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  await enter(account);
  process.stdout.write(`Sends requests of the account “${name}”. Ctrl+C ends it.\n`);
}

/** Waits for a Redis that is not there yet. @throws ImageError where waiting would not help. */
async function enter(account: Account): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await account.clusterState();
      return;
    } catch (error) {
      if (!(error instanceof ImageError) || error.code !== 'cluster_unavailable') throw error;
      if (tries === 1) process.stderr.write(`${error.message} Trying again.\n`);
      await new Promise((resolve) => setTimeout(resolve, retryDelay));
    }
  }
}

function readArguments(): ReturnType<typeof parseArgs<{ options: typeof options }>> {
  try {
    return parseArgs({ options });
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new Error(`${reason}: see nanogpt-worker --help.`, { cause: error });
  }
}

/** Limits that are not given leave those of the Node-REDs as they are. */
function readSettings(name: string, values: Values): AccountSettings {
  const {
    NANOGPT_API_KEY: apiKey = '',
    NANOGPT_CLUSTER_SECRET: secret = '',
    REDIS_PASSWORD: password = '',
  } = process.env;
  const { redis: url, prefix, timezone, service, timeout, concurrency } = values;
  if (!services.includes(service as Service)) throw new Error(`--service must be one of ${services.join(', ')}.`);
  if (name === '') throw new Error('Name the account: --account NAME, as in the Node-REDs.');
  if (secret === '') throw new Error('Set NANOGPT_CLUSTER_SECRET to the secret of the cluster.');
  if (apiKey === '' && paidServices.includes(service))
    throw new Error('Set NANOGPT_API_KEY to the key of the service.');
  const cluster = readAccountCluster(name, { url, prefix, timezone, role: 'work' }, { password, secret });
  return {
    ...{ service: service as Service, edits: '', baseUrl: values['base-url'], apiKey, model: '', cluster },
    ...{
      timeout: readNumber('timeout', timeout) * 1000,
      perMinute: 0,
      queueLimit: 1e6,
      retries: 2,
      retryUnknown: false,
    },
    concurrency: concurrency === undefined ? 1000 : readNumber('concurrency', concurrency),
    ...{ imageUrls: 'never', budgetPeriod: 'day', history: 'disk', historyMegabytes: 500 },
  };
}

function readNumber(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`--${option} must be a whole number from 1, not “${text}”.`);
  return number;
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);

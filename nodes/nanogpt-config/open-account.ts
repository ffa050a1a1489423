import { join } from 'node:path';
import type { Node, NodeAPI } from 'node-red';
import type { Account } from '../../src/account.js';
import type { AccountSettings, AccountTools } from '../../src/account-settings.js';
import { closeAccount, openAccount } from '../../src/accounts.js';
import { ImageError } from '../../src/errors.js';
import { toNumber } from '../../src/json.js';
import { translator } from '../shared/on-message.js';
import { type NanogptConfigConfig, defaults } from './config.js';

/** Node-RED's own `http proxy` node. */
interface ProxyNode {
  url?: string;
  noproxy?: string[];
  credentials?: { username?: string; password?: string };
}

/** Node-RED's own `tls-config` node. */
interface TlsNode {
  addTLSOptions(options: object): object;
}

/**
 * The account behind a config node, with the node's settings. What is dangerous about them is said once.
 *
 * @throws ImageError `not_configured` naming the setting that cannot work.
 */
export function openFrom(RED: NodeAPI, node: Node, config: NanogptConfigConfig, apiKey: string): Account {
  const [proxy, tls] = [config.proxy, config.tls].map((id) => RED.nodes.getNode(id) as unknown);
  const say = translator(RED);
  const account = openAccount(node.id, settingsOf(config, apiKey, proxy as ProxyNode | null, tls as TlsNode | null), {
    onWarning: (warning) => RED.log.warn(`[nanogpt-config:${config.name || node.id}] ${say(warning)}`),
    ...storageOf(RED.settings.userDir, node.id),
  });
  for (const warning of account.warnings()) node.warn(say(warning));
  return account;
}

/** Where the account keeps its books; nowhere where Node-RED has no user directory. */
function storageOf(userDir: string | undefined, id: string): Pick<AccountTools, 'storage'> {
  return userDir ? { storage: { directory: join(userDir, 'flow-easel-nanogpt'), name: id.replace(/[^\w.-]/g, '_') } } : {};
}

/** Ends the account of a removed config node. */
export function close(id: string): void {
  closeAccount(id);
}

const services = ['nanogpt', 'openai', 'compatible', 'sandbox'] as const satisfies NanogptConfigConfig['service'][];
const edits = ['json', 'multipart'] as const satisfies NanogptConfigConfig['edits'][];
const periods = ['hour', 'day', 'month'] as const satisfies NanogptConfigConfig['budgetPeriod'][];
const addressRules = ['public', 'any', 'never'] as const satisfies NanogptConfigConfig['imageUrls'][];

function settingsOf(config: NanogptConfigConfig, apiKey: string, proxy: ProxyNode | null, tls: TlsNode | null): AccountSettings {
  return {
    service: oneOf('service', config, services),
    edits: oneOf('edits', config, edits),
    baseUrl: config.baseUrl,
    apiKey,
    model: config.model,
    timeout: atLeast('timeout', config, 1) * 1000,
    concurrency: atLeast('concurrency', config, 1),
    perMinute: atLeast('perMinute', config, 0),
    queueLimit: atLeast('queueLimit', config, 0),
    retries: atLeast('retries', config, 0),
    retryUnknown: String(config.retryUnknown) === 'true',
    budgetPeriod: oneOf('budgetPeriod', config, periods),
    ...(String(config.budget ?? '').trim() !== '' && { budget: atLeast('budget', config, 0) }),
    imageUrls: oneOf('imageUrls', config, addressRules),
    ...(proxy?.url && {
      proxy: {
        url: proxy.url,
        noProxy: proxy.noproxy ?? [],
        ...(proxy.credentials?.username && { username: proxy.credentials.username, password: proxy.credentials.password ?? '' }),
      },
    }),
    ...(tls && { tls: tls.addTLSOptions({}) }),
  };
}

function oneOf<Choice extends string>(field: 'service' | 'edits' | 'budgetPeriod' | 'imageUrls', config: NanogptConfigConfig, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === String(config[field]));
  if (found === undefined) throw new ImageError('not_configured', 'bad_setting_choice', { field, choices: choices.join(', ') });
  return found;
}

/** A blank number means its default, as everywhere in the dialog. */
function atLeast(field: 'timeout' | 'concurrency' | 'perMinute' | 'queueLimit' | 'retries' | 'budget', config: NanogptConfigConfig, least: number): number {
  const number = toNumber(config[field] === '' ? defaults[field] : config[field]);
  if (number === undefined || number < least) throw new ImageError('not_configured', 'bad_setting', { field, least });
  return number;
}

import type { NodeAPI } from 'node-red';
import type { AccountSettings } from '../../src/account/settings.js';
import { ImageError } from '../../src/errors.js';
import { toNumber } from '../../src/json.js';
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

const services = ['nanogpt', 'openai', 'compatible', 'sandbox'] as const satisfies NanogptConfigConfig['service'][];
const edits = ['json', 'multipart'] as const satisfies NanogptConfigConfig['edits'][];
const periods = ['hour', 'day', 'month'] as const satisfies NanogptConfigConfig['budgetPeriod'][];
const addressRules = ['public', 'any', 'never'] as const satisfies NanogptConfigConfig['imageUrls'][];

/**
 * What the editor saves of an account, as the client takes it. Proxy and TLS are those of the deployed nodes with these ids.
 *
 * @throws ImageError `not_configured` naming the setting that cannot work.
 */
export function readSettings(RED: NodeAPI, config: NanogptConfigConfig, apiKey: string): AccountSettings {
  const proxy = nodeOf<ProxyNode>(RED, config.proxy, 'http proxy');
  const tls = nodeOf<TlsNode>(RED, config.tls, 'tls-config');
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
        ...(proxy.credentials?.username && {
          username: proxy.credentials.username,
          password: proxy.credentials.password ?? '',
        }),
      },
    }),
    ...(tls && { tls: tls.addTLSOptions({}) }),
  };
}

/** A node of another kind is none: the id may come from whoever may use a route. */
function nodeOf<Kind>(RED: NodeAPI, id: string, type: string): Kind | undefined {
  const node = RED.nodes.getNode(id) as { type: string } | null;
  return node?.type === type ? (node as Kind) : undefined;
}

function oneOf<Choice extends string>(
  field: 'service' | 'edits' | 'budgetPeriod' | 'imageUrls',
  config: NanogptConfigConfig,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === String(config[field]));
  if (found === undefined)
    throw new ImageError('not_configured', 'bad_setting_choice', { field, choices: choices.join(', ') });
  return found;
}

/** A blank number means its default, as everywhere in the dialog. */
function atLeast(
  field: 'timeout' | 'concurrency' | 'perMinute' | 'queueLimit' | 'retries' | 'budget',
  config: NanogptConfigConfig,
  least: number,
): number {
  const number = toNumber(config[field] === '' ? defaults[field] : config[field]);
  if (number === undefined || number < least) throw new ImageError('not_configured', 'bad_setting', { field, least });
  return number;
}

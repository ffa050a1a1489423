import type { NodeAPI } from 'node-red';
import type { AccountSettings } from '../../src/account/settings.js';
import type { ProxySettings } from '../../src/api/http/proxy.js';
import type { AccountCluster } from '../../src/cluster/cluster-settings.js';
import type { HistorySettings } from '../../src/history/history.js';
import { defined } from '../../src/defined.js';
import { ImageError } from '../../src/errors.js';
import { toNumber } from '../../src/json.js';
import { variableIn } from '../shared/variable.js';
import type { NanogptCluster } from '../shared/nanogpt-cluster.js';
import { choices, defaults, type NanogptConfigConfig, type NumberRange, ranges } from './config.js';

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

/** Settings as saved, where a variable may replace a value. */
type RawSettings = Partial<NanogptConfigConfig>;

/**
 * The saved settings of an account in the form of the client. Proxy and TLS are those of the deployed nodes with these
 * ids; `raw` shows which settings are variables.
 *
 * @throws ImageError `not_configured` naming the setting that cannot work, or the variable that is empty.
 */
export function readSettings(
  RED: NodeAPI,
  config: NanogptConfigConfig,
  apiKey: string,
  raw: RawSettings = config,
): AccountSettings {
  refuseEmptyVariables(config, raw);
  const budget = String(config.budget ?? '').trim() === '' ? undefined : readNumber('budget', config);
  return {
    ...readHistorySettings(config),
    service: readChoice('service', config),
    edits: readChoice('edits', config),
    billing: readChoice('billing', config),
    baseUrl: config.baseUrl,
    apiKey,
    model: config.model,
    timeout: readNumber('timeout', config) * 1000,
    concurrency: readNumber('concurrency', config),
    perMinute: readNumber('perMinute', config),
    queueLimit: readNumber('queueLimit', config),
    retries: readNumber('retries', config),
    retryUnknown: readSwitch('retryUnknown', config),
    budgetPeriod: readChoice('budgetPeriod', config),
    imageUrls: readChoice('imageUrls', config),
    ...defined({
      budget,
      proxy: readProxy(RED, config),
      tls: readTls(RED, config),
      cluster: readCluster(RED, config),
    }),
  };
}

/** @throws ImageError `not_configured` naming the setting that cannot work. */
export function readHistorySettings(config: NanogptConfigConfig): HistorySettings {
  const historyDays = String(config.historyDays ?? '').trim() === '' ? undefined : readNumber('historyDays', config);
  return {
    history: readChoice('history', config),
    historyMegabytes: readNumber('historyMegabytes', config),
    ...defined({ historyDays }),
  };
}

/** An empty variable as the budget would mean no limit, and as the base URL the service's own: neither is meant. */
function refuseEmptyVariables(config: NanogptConfigConfig, raw: RawSettings): void {
  for (const field of Object.keys(defaults) as (keyof NanogptConfigConfig)[]) {
    const [variable, value] = [String(raw[field] ?? '').trim(), String(config[field] ?? '').trim()];
    if (field !== 'name' && variableIn(variable) !== undefined && (value === '' || variableIn(value) !== undefined))
      throw new ImageError('not_configured', 'bad_setting_empty', { field, variable });
  }
}

function readProxy(RED: NodeAPI, { proxy: id }: NanogptConfigConfig): ProxySettings | undefined {
  const node = findNode<ProxyNode>(RED, 'proxy', id, 'http proxy');
  if (!node) return undefined;
  const { url, noproxy = [], credentials: { username, password = '' } = {} } = node;
  if (!url) throw new ImageError('not_configured', 'bad_setting_node', { field: 'proxy' });
  return { url, noProxy: noproxy, ...(username && { username, password }) };
}

function readTls(RED: NodeAPI, { tls: id }: NanogptConfigConfig): object | undefined {
  return findNode<TlsNode>(RED, 'tls', id, 'tls-config')?.addTLSOptions({});
}

function readCluster(RED: NodeAPI, { cluster: id, clusterAccount }: NanogptConfigConfig): AccountCluster | undefined {
  return findNode<NanogptCluster>(RED, 'cluster', id, 'nanogpt-cluster')?.read(clusterAccount);
}

/** A node of another type is refused like a missing one: the id may come from any user of a route. */
function findNode<Kind>(RED: NodeAPI, field: 'proxy' | 'tls' | 'cluster', id: string, type: string): Kind | undefined {
  if (id === '') return undefined;
  const node = RED.nodes.getNode(id) as { type: string } | null;
  if (node?.type !== type) throw new ImageError('not_configured', 'bad_setting_node', { field });
  return node as Kind;
}

function readChoice<Field extends keyof typeof choices>(
  field: Field,
  config: NanogptConfigConfig,
): (typeof choices)[Field][number] {
  const offered: readonly (typeof choices)[Field][number][] = choices[field];
  const found = offered.find((choice) => choice === String(config[field]));
  if (found === undefined)
    throw new ImageError('not_configured', 'bad_setting_choice', { field, choices: offered.join(', ') });
  return found;
}

/** A blank number means its default. */
function readNumber(field: keyof typeof ranges, config: NanogptConfigConfig): number {
  const { min, max, isWhole = false }: NumberRange = ranges[field];
  const number = toNumber(config[field] === '' ? defaults[field] : config[field]);
  if (number !== undefined && number >= min && number <= max && (!isWhole || Number.isInteger(number))) return number;
  throw new ImageError('not_configured', isWhole ? 'bad_setting_whole' : 'bad_setting', { field, min, max });
}

/** A checkbox is text where it comes from a variable. */
function readSwitch(field: 'retryUnknown', config: NanogptConfigConfig): boolean {
  const text = String(config[field] ?? '')
    .trim()
    .toLowerCase();
  if (!['true', 'false', ''].includes(text))
    throw new ImageError('not_configured', 'bad_setting_choice', { field, choices: 'true, false' });
  return text === 'true';
}

import { join } from 'node:path';
import { Client } from '../api/client.js';
import { DeviceLogin } from '../api/device-login.js';
import { type Endpoint, imageSource, resolveEndpoint } from '../api/endpoint.js';
import { Downloads } from '../api/http/downloads.js';
import { type Network, openNetwork } from '../api/http/network.js';
import { ModelList } from '../api/models/model-list.js';
import type { SharedList } from '../api/models/shared-list.js';
import { ServiceInfo } from '../api/service-info.js';
import { systemClock } from '../clock.js';
import { defined } from '../defined.js';
import type { AccountOptions, AccountSettings } from './settings.js';

/** What an account reaches its service with, for its settings at one time. */
export interface OpenConnection {
  endpoint: Endpoint;
  client: Client;
  models: ModelList;
  downloads: Downloads;
  service: ServiceInfo;
  login: DeviceLogin;
}

/** The connection of an account to its service, opened at the first use and again after a change of the settings. */
export class Connection {
  readonly #options: AccountOptions;
  readonly #sharedModels: SharedList | undefined;
  #settings: AccountSettings;
  #network: Network | undefined;
  #opened: Promise<OpenConnection> | undefined;
  #sandbox: { url: Promise<string>; release(): void } | undefined;

  constructor(settings: AccountSettings, options: AccountOptions, sharedModels?: SharedList) {
    this.#settings = settings;
    this.#options = options;
    this.#sharedModels = sharedModels;
  }

  /** Requests under way keep the connection that they have. */
  configure(settings: AccountSettings): void {
    this.#settings = settings;
    this.#opened = undefined;
    if (settings.service !== 'sandbox') this.#releaseSandbox();
  }

  /**
   * Sends nothing yet. After a failure the next call tries again.
   *
   * @throws ImageError `not_configured` where the address cannot work.
   */
  open(): Promise<OpenConnection> {
    return (this.#opened ??= this.#connect().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    }));
  }

  /** Closes all connections; requests under way fail. */
  close(): void {
    this.#network?.close();
    this.#opened = undefined;
    this.#releaseSandbox();
  }

  async #connect(): Promise<OpenConnection> {
    const settings = this.#settings;
    const endpoint = settings.service === 'sandbox' ? await this.#startSandbox() : resolveEndpoint(settings);
    const { clock = systemClock, lookup } = this.#options;
    // The built-in service is never reached through a proxy.
    const proxy = settings.service === 'sandbox' ? 'direct' : settings.proxy;
    this.#network = openNetwork(clock, { proxy, tls: settings.tls, lookup });
    const shared = this.#sharedModels;
    return connect(endpoint, settings, this.#network, { ...this.#options, ...defined({ shared }) });
  }

  async #startSandbox(): Promise<Endpoint> {
    const { acquireSandbox, sandboxKey } = await import('../../sandbox/local.js');
    const { url } = (this.#sandbox ??= acquireSandbox());
    const baseUrl = await url.catch((error: unknown) => {
      this.#releaseSandbox();
      throw error;
    });
    return resolveEndpoint({ service: 'sandbox', edits: '', baseUrl, apiKey: sandboxKey });
  }

  #releaseSandbox(): void {
    this.#sandbox?.release();
    this.#sandbox = undefined;
  }
}

function connect(
  endpoint: Endpoint,
  { timeout }: AccountSettings,
  network: Network,
  { clock = systemClock, storage, shared }: AccountOptions & { shared?: SharedList },
): OpenConnection {
  const downloads = new Downloads(network, imageSource(endpoint), clock);
  const client: Client = new Client(endpoint, timeout, {
    transport: network.service,
    fetchImage: (url, signal) => downloads.fetchResult(url, signal),
    findLimits: async (model, signal) => (await models.findKnownModel(model, signal))?.inputs,
    clock,
  });
  const service = new ServiceInfo(endpoint, client);
  const file = storage && join(storage.directory, 'models', `${storage.name}.json`);
  const models: ModelList = new ModelList({
    fetchList: (signal) => service.listModels(signal),
    fetchDetails: (path, signal) => service.describeModel(path, signal),
    source: endpoint.root,
    clock,
    ...defined({ file, shared }),
  });
  return { endpoint, client, models, downloads, service, login: new DeviceLogin(endpoint, client) };
}

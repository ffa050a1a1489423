import { join } from 'node:path';
import type { AccountSettings, AccountOptions } from './settings.js';
import { systemClock } from '../clock.js';
import { ModelList } from '../api/models/model-list.js';
import { Client } from '../api/client.js';
import { Downloads } from '../api/http/downloads.js';
import type { Endpoint } from '../api/endpoint.js';
import { type Network, openNetwork } from '../api/http/network.js';

/** The way from an account to its service, as the settings are at one time. */
export interface Connections {
  way: Endpoint;
  client: Client;
  catalogue: ModelList;
  downloads: Downloads;
  network: Network;
}

/** Makes no connection yet. The built-in service is never reached through a proxy. */
export function openConnections(
  way: Endpoint,
  { service, timeout, proxy, tls }: AccountSettings,
  { clock = systemClock, lookup, storage }: AccountOptions,
): Connections {
  const network = openNetwork(clock, { proxy: service === 'sandbox' ? 'direct' : proxy, tls, lookup });
  const downloads = new Downloads(network, way.root, clock, lookup);
  const client = new Client(way, timeout, {
    transport: network.service,
    fetchImage: (url, signal) => downloads.made(url, signal),
    clock,
  });
  const file = storage && { file: join(storage.directory, 'models', `${storage.name}.json`) };
  const catalogue = new ModelList({
    fetchList: (signal) => client.ask('models', signal),
    source: way.root,
    clock,
    ...file,
  });
  return { way, client, catalogue, downloads, network };
}

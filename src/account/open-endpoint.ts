import { join } from 'node:path';
import type { AccountSettings, AccountTools } from './settings.js';
import { systemClock } from '../clock.js';
import { Catalogue } from '../api/models/model-list.js';
import { Client } from '../api/client.js';
import { Downloads } from '../api/http/downloads.js';
import type { Endpoint } from '../api/endpoint.js';
import { type Network, openNetwork } from '../api/http/network.js';

/** The way from an account to its service, as the settings are at one time. */
export interface Line {
  way: Endpoint;
  client: Client;
  catalogue: Catalogue;
  downloads: Downloads;
  network: Network;
}

/** Makes no connection yet. The built-in service is never reached through a proxy. */
export function openLine(
  way: Endpoint,
  { service, timeout, proxy, tls }: AccountSettings,
  { clock = systemClock, lookup, storage }: AccountTools,
): Line {
  const network = openNetwork(clock, { proxy: service === 'sandbox' ? 'direct' : proxy, tls, lookup });
  const downloads = new Downloads(network, way.root, clock, lookup);
  const client = new Client(way, timeout, { transport: network.service, fetchPicture: (url, signal) => downloads.made(url, signal), clock });
  const file = storage && { file: join(storage.directory, 'models', `${storage.name}.json`) };
  const catalogue = new Catalogue({ fetchList: (signal) => client.ask('models', signal), source: way.root, clock, ...file });
  return { way, client, catalogue, downloads, network };
}

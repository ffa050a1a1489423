import type { LookupFunction } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import buildConnector from 'undici/lib/core/connect.js';
import {
  BlockedAddress,
  type Lookup,
  defaultLookup,
  guardedLookup,
  isLiteral,
  isPrivateHost,
  isPublicAddress,
} from './address-guard.js';
import { type ProxySettings, openTunnel, proxyFor } from './proxy.js';
import { readMemory } from './read-memory.js';

/** How connections are made. */
export interface ConnectOptions {
  /** `direct` = never through a proxy; undefined = as the environment says. */
  proxy?: ProxySettings | 'direct' | undefined;
  /** As `tls.connect` takes them. */
  tls?: ConnectionOptions | undefined;
  /** Only to addresses on the public internet. */
  guarded?: boolean;
  lookup?: Lookup | undefined;
}

/** How long a connection may take to be made, TLS included, in milliseconds. */
const connectTimeout = 10_000;

/** Makes undici's connections: directly or through a proxy's tunnel, and where it is guarded only to public addresses. */
export function connector({
  proxy,
  tls,
  guarded = false,
  lookup = defaultLookup,
}: ConnectOptions): buildConnector.connector {
  const settings = { ...tls, timeout: connectTimeout, lookup: forSockets(guarded ? guardedLookup(lookup) : lookup) };
  return (options, callback) => {
    // No look-up is made for a literal, so it is judged here.
    if (guarded && isLiteral(options.hostname) && !isPublicAddress(options.hostname))
      return callback(new BlockedAddress(options.hostname), null);
    const through =
      proxy === 'direct'
        ? undefined
        : proxyFor(new URL(`${options.protocol}//${options.host ?? options.hostname}`), proxy);
    if (!through) return direct(options, callback);
    tunnel(through, options).then(
      (socket) =>
        options.protocol === 'https:' ? direct({ ...options, httpSocket: socket }, callback) : callback(null, socket),
      (error: Error) => callback(error, null),
    );
  };

  function direct(options: buildConnector.Options, callback: buildConnector.Callback): void {
    const { onread, attach } = readMemory();
    buildConnector({ ...settings, onread } as buildConnector.BuildOptions)(
      options,
      (...[error, socket]: Parameters<buildConnector.Callback>) => {
        if (socket) attach(socket);
        callback(...([error, socket] as Parameters<buildConnector.Callback>));
      },
    );
  }

  async function tunnel(
    through: URL,
    { hostname, port, protocol }: buildConnector.Options,
  ): ReturnType<typeof openTunnel> {
    if (guarded && (await isPrivateHost(hostname, lookup))) throw new BlockedAddress(hostname);
    return openTunnel(
      through,
      `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port || (protocol === 'https:' ? 443 : 80)}`,
      connectTimeout,
    );
  }
}

/** Sockets ask for one address or for all, by the options. */
function forSockets(lookup: Lookup): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error || options.all) return callback(error, addresses);
      const first = addresses[0];
      callback(first ? null : new Error(`${hostname} has no address`), first?.address ?? '', first?.family);
    });
}

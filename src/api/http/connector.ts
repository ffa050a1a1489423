import type { LookupFunction, Socket } from 'node:net';
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
import { ProxyError } from './proxy-error.js';
import { type ProxyChoice, isSocks, proxyFor } from './proxy.js';
import { SocketReader } from './read-memory.js';
import { openSocks } from './socks.js';
import { openTunnel } from './tunnel.js';

/** How connections are made. */
export interface ConnectOptions {
  proxy?: ProxyChoice;
  /** As `tls.connect` takes them. */
  tls?: ConnectionOptions | undefined;
  /** Only to addresses on the public internet. */
  guarded?: boolean;
  lookup?: Lookup | undefined;
  /** Called for every connection that is made. */
  onConnect?: (connection: { isPrivate: boolean }) => void;
}

/** The time limit for connecting, TLS included, in milliseconds. */
const connectTimeout = 10_000;

/**
 * How long one of several addresses of a host may take before the next is tried, in milliseconds: slow networks and
 * lost packets take seconds.
 */
const addressTimeout = 2500;

type Options = buildConnector.Options;

/**
 * Makes undici's connections, directly or through a proxy; guarded ones only to public addresses. `signal` is called
 * when connecting starts, and its signal aborts that.
 */
export function connector(settings: ConnectOptions, signal?: () => AbortSignal | undefined): buildConnector.connector {
  return (options, callback) => {
    connect(settings, options, signal?.())
      .then(
        (socket) => callback(null, socket),
        (error: Error) => callback(error, null),
      )
      .catch(() => undefined);
  };
}

/** Anything thrown here, such as contradictory TLS settings, is reported as a failure to connect. */
async function connect(settings: ConnectOptions, options: Options, signal: AbortSignal | undefined): Promise<Socket> {
  const { guarded = false, lookup = defaultLookup, tls, onConnect } = settings;
  const { hostname, protocol } = options;
  // A literal address is not looked up, so it is checked here.
  if (guarded && isLiteral(hostname) && !isPublicAddress(hostname)) throw new BlockedAddress(hostname);
  const proxy = proxyFor(new URL(`${protocol}//${options.host ?? hostname}`), settings.proxy);
  if (!proxy) {
    const socket = await open(options, { tls, lookup: guarded ? guardedLookup(lookup) : lookup, signal });
    onConnect?.({ isPrivate: !isPublicAddress(socket.remoteAddress ?? '') });
    return socket;
  }
  const isPrivate = await isPrivateHost(hostname, lookup);
  if (guarded && isPrivate) throw new BlockedAddress(hostname);
  const socket = await openThrough(proxy, options, signal);
  onConnect?.({ isPrivate });
  return protocol === 'https:' ? open({ ...options, httpSocket: socket }, { tls, lookup, signal }) : socket;
}

async function openThrough(proxy: URL, { hostname, port, protocol }: Options, signal?: AbortSignal): Promise<Socket> {
  const target = { host: hostname, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
  if (isSocks(proxy)) return openSocks(proxy, target, { timeout: connectTimeout, signal });
  if (protocol === 'https:') {
    const host = hostname.includes(':') ? `[${hostname}]` : hostname;
    return openTunnel(proxy, `${host}:${target.port}`, { timeout: connectTimeout, signal });
  }
  const { host, hostname: name, port: at, protocol: scheme } = proxy;
  const options = { host, hostname: name.replace(/^\[|\]$/g, ''), port: at, protocol: scheme };
  return open(options, { lookup: defaultLookup, signal }).catch((error: Error) => {
    throw new ProxyError(proxy.host, `could not be used: ${error.message}`, error);
  });
}

interface OpenOptions {
  tls?: ConnectionOptions | undefined;
  lookup: Lookup;
  signal?: AbortSignal | undefined;
}

/** One connection to the host, or TLS over a socket that leads there. */
function open(options: Options, { tls, lookup, signal }: OpenOptions): Promise<Socket> {
  const reader = new SocketReader();
  const connectTo = buildConnector({
    ...tls,
    timeout: connectTimeout,
    autoSelectFamilyAttemptTimeout: addressTimeout,
    lookup: forSockets(lookup),
    onread: reader.onread,
  } as buildConnector.BuildOptions) as (...parameters: Parameters<buildConnector.connector>) => Socket;
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      socket.destroy(new Error('aborted'));
      options.httpSocket?.destroy();
    };
    const socket = connectTo(options, (error, connected) => {
      signal?.removeEventListener('abort', stop);
      if (!connected) return reject(error ?? new Error('no connection'));
      reader.attach(connected, { isTunneled: options.httpSocket !== undefined });
      resolve(connected);
    });
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
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

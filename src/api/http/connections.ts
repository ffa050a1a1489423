import type { Client as ClientTypes, Dispatcher, Pool as PoolTypes } from 'undici';
import Agent from 'undici/lib/dispatcher/agent.js';
import Client from 'undici/lib/dispatcher/client.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import { type ConnectOptions, connector } from './connector.js';

/** What undici's clients get in addition to the request. */
export interface CancellableDispatch extends Dispatcher.DispatchOptions {
  /** Ends connecting at once; a request under way is stopped by its handler. */
  connectSignal: () => AbortSignal;
}

/** A connection that stops connecting when its request ends: undici itself would go on connecting for no request. */
class CancellableClient extends Client {
  readonly #current: { signal?: () => AbortSignal };

  constructor(origin: URL, options: ClientTypes.Options, connect: ConnectOptions) {
    const current: { signal?: () => AbortSignal } = {};
    super(origin, { ...options, connect: connector(connect, () => current.signal?.()) });
    this.#current = current;
  }

  override dispatch(options: CancellableDispatch, handler: Dispatcher.DispatchHandler): boolean {
    this.#current.signal = options.connectSignal;
    return super.dispatch(options, handler);
  }
}

/** Opens one connection for each concurrent request. undici's own timeouts are off. */
export function openConnections(connect: ConnectOptions): InstanceType<typeof Agent> {
  return new Agent({
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: -1,
    // Gateways add their own headers, some for every server that they tried.
    maxHeaderSize: 65_536,
    // On a socket that the server has closed in the meantime, a request
    // that never arrived would count as possibly charged.
    keepAliveTimeout: 4000,
    keepAliveMaxTimeout: 4000,
    factory: (origin, options: PoolTypes.Options) =>
      new Pool(origin, {
        ...options,
        factory: (address, clientOptions: ClientTypes.Options) =>
          new CancellableClient(address, clientOptions, connect),
      }),
  });
}

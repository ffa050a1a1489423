import type { Client as ClientTypes, Dispatcher, Pool as PoolTypes } from 'undici';
import Agent from 'undici/lib/dispatcher/agent.js';
import Client from 'undici/lib/dispatcher/client.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import { type ConnectOptions, connector } from './connector.js';

/** What undici's clients are told beside the request. */
export interface CancellableDispatch extends Dispatcher.DispatchOptions {
  /** Ends the connecting at once; what is under way is the handler's to stop. */
  connectSignal: AbortSignal;
}

/** A connection whose connecting ends with the request that it is made for: undici alone would finish it for nobody. */
class CancellableClient extends Client {
  readonly #current: { signal?: AbortSignal };

  constructor(origin: URL, options: ClientTypes.Options, connect: ConnectOptions) {
    const current: { signal?: AbortSignal } = {};
    super(origin, { ...options, connect: connector(connect, () => current.signal) });
    this.#current = current;
  }

  override dispatch(options: CancellableDispatch, handler: Dispatcher.DispatchHandler): boolean {
    this.#current.signal = options.connectSignal;
    return super.dispatch(options, handler);
  }
}

/** Opens as many connections to each host as there are requests at once, one request on each. undici's own time-outs are off. */
export function openConnections(connect: ConnectOptions): InstanceType<typeof Agent> {
  return new Agent({
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: -1,
    // Gateways add headers of their own, some for every server that they tried.
    maxHeaderSize: 65_536,
    // A socket that the server has meanwhile closed would make an unknown outcome of a request that never arrived.
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

import type { Clock } from '../../clock.js';
import { type ConnectOptions } from './connector.js';
import { Transport } from './transport.js';

/** The connections of an account, by how far they are trusted. */
export interface Network {
  /** To the service itself, with the account's TLS settings. */
  service: Transport;
  /** To any address. */
  anywhere: Transport;
  /** To addresses on the public internet only. */
  guarded: Transport;
  /** Ends everything at once. */
  close(): void;
}

/** Opens no connection yet. */
export function openNetwork(clock: Clock, { tls, ...options }: Omit<ConnectOptions, 'guarded'>): Network {
  const transports = {
    service: new Transport(clock, { ...options, tls }),
    anywhere: new Transport(clock, options),
    guarded: new Transport(clock, { ...options, guarded: true }),
  };
  const all = Object.values(transports);
  return {
    ...transports,
    close: () => all.forEach((transport) => transport.close()),
  };
}

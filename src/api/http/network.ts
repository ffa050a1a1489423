import type { Clock } from '../../clock.js';
import type { ConnectOptions } from './connector.js';
import { Transport } from './transport.js';

/** The transports of an account, by what they may connect to. */
export interface Network {
  /** To the service itself, with the account's TLS settings. */
  service: Transport;
  /** To the service, only on the public internet: for URLs in an answer. */
  guardedService: Transport;
  /** To any address. */
  anywhere: Transport;
  /** To addresses on the public internet only. */
  guarded: Transport;
  /** Whether every connection to the service so far was to a private network; false before the first. */
  isServicePrivate(): boolean;
  /** Ends everything at once. */
  close(): void;
}

/** Opens no connection yet. */
export function openNetwork(clock: Clock, { tls, ...options }: Omit<ConnectOptions, 'guarded' | 'onConnect'>): Network {
  const made = { public: 0, private: 0 };
  const onConnect = ({ isPrivate }: { isPrivate: boolean }): void => void (made[isPrivate ? 'private' : 'public'] += 1);
  const transports = {
    service: new Transport(clock, { ...options, tls, onConnect }),
    guardedService: new Transport(clock, { ...options, tls, guarded: true }),
    anywhere: new Transport(clock, options),
    guarded: new Transport(clock, { ...options, guarded: true }),
  };
  const all = Object.values(transports);
  return {
    ...transports,
    isServicePrivate: () => made.private > 0 && made.public === 0,
    close: () => all.forEach((transport) => transport.close()),
  };
}

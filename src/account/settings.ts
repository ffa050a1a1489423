import type { ConnectionOptions } from 'node:tls';
import type { Lookup } from '../api/http/address-guard.js';
import type { AddressRule } from '../api/http/downloads.js';
import type { EndpointSettings } from '../api/endpoint.js';
import type { ProxySettings } from '../api/http/proxy.js';
import type { Clock } from '../clock.js';
import type { AccountCluster } from '../cluster/cluster-settings.js';
import type { Delivery } from '../cluster/delivery.js';
import type { ClusterTiming } from '../cluster/timing.js';
import type { Warning } from '../generation.js';
import type { History, HistorySettings } from '../history/history.js';
import type { Ledger } from '../spending/ledger.js';
import type { RateLimits } from '../queue/rate-limiter.js';
import type { Period } from '../spending/totals.js';

/** The settings of an account as a user chooses them. Times are in milliseconds. */
export interface AccountSettings extends EndpointSettings, HistorySettings, Omit<RateLimits, 'queueBytes'> {
  /** Used where a request names no model; blank = the service's default. */
  model: string;
  /** For one whole request. */
  timeout: number;
  /** Retries after a failure that was certainly not charged. */
  retries: number;
  /** Also retry when the outcome is unknown; the request may be paid for twice. */
  retryUnknown: boolean;
  imageUrls: AddressRule;
  /** Most to spend in each `budgetPeriod`, in US dollars; absent = no limit. */
  budget?: number;
  budgetPeriod: Period;
  /** Absent = as the environment says. */
  proxy?: ProxySettings;
  tls?: ConnectionOptions;
  /** Where the account is shared with other instances; absent = it is this one's alone. */
  cluster?: AccountCluster;
}

/** Where an account keeps its files, and what tests inject. */
export interface AccountOptions {
  /** Where ledger, history and model list are kept, and under which name; absent = in memory only. */
  storage?: { directory: string; name: string };
  /** A ledger that the account shares with others; absent = its own in `storage`. */
  ledger?: Ledger;
  /** A history that the account shares with others; absent = its own in `storage`. */
  history?: History;
  /** Gives what a cluster received for a dead asker to a node that runs here; absent = there are no nodes here. */
  delivery?: Delivery;
  /** Intervals and timeouts of the cluster, for tests. */
  timing?: Partial<ClusterTiming>;
  /** Called with warnings that belong to no single request. */
  onWarning?: (warning: Warning) => void;
  /** Called when other instances of the account have begun or ended something. */
  onChange?: () => void;
  /** The system clock unless a test injects one. */
  clock?: Clock;
  lookup?: Lookup;
  /** From 0 to 1, for the jitter of the waits. */
  random?: () => number;
}

import type { Node } from 'node-red';
import type { Account } from '../../src/account/account.js';
import type { History } from '../../src/history/history.js';
import type { AccountSettings } from '../../src/account/settings.js';

/** An account as other nodes see it. */
export interface NanogptAccount extends Node<{ apiKey?: string }> {
  service: AccountSettings['service'];
  /** '' = the service's own. */
  baseUrl: string;
  /** Most to spend in each `budgetPeriod`, as it was saved; blank = no limit. */
  budget: string | number;
  budgetPeriod: AccountSettings['budgetPeriod'];
  /** Whether the settings that the service needs are there. */
  isConfigured: boolean;
  /** Whether other instances share it over a cluster. */
  isShared: boolean;
  /** Takes a key that came after its start. */
  useKey(apiKey: string): void;
  /** Loads the client at its first call. Rejects with `not_configured` where a setting cannot work. */
  open(): Promise<Account>;
  /** Loads only what the history needs. Rejects with `not_configured` where its settings cannot work. */
  openHistory(): Promise<History>;
}

import { join } from 'node:path';
import type { Ledger } from '../spending/ledger.js';
import { Account } from './account.js';
import { deployHistory, forgetHistory, shareHistory } from './histories.js';
import { openLedger } from './open-ledger.js';
import type { AccountOptions, AccountSettings } from './settings.js';

/** Accounts outlive the nodes that configure them: a deploy makes new nodes, but not new connections. */
const accounts = new Map<string, Account>();

/** Ledgers by their files, those without by the id of their config node; all accounts with that id share one. */
const ledgers = new Map<string, Ledger>();

/**
 * Gives the account of a config node with its current settings. `options` are used only when the account is created.
 */
export function openAccount(id: string, settings: AccountSettings, options: AccountOptions): Account {
  const known = accounts.get(id);
  known?.configure(settings);
  const account = known ?? draftAccount(id, settings, options);
  deployHistory(id, settings, options);
  accounts.set(id, account);
  return account;
}

/**
 * An account with settings that are not deployed, under the id of a config node that need not exist, with the ledger
 * and the history of that node. The caller must close it.
 */
export function draftAccount(id: string, settings: AccountSettings, options: AccountOptions): Account {
  const key = ledgerKey(id, options);
  const ledger = ledgers.get(key) ?? shareLedger(key, options);
  return new Account(settings, { ...options, ledger, history: shareHistory(id, settings, options) });
}

/**
 * Closes the account of a config node that was removed. A ledger with files is dropped when it is idle: until then
 * another one would take its lines for those of another process.
 */
export function closeAccount(id: string): void {
  accounts.get(id)?.close();
  accounts.delete(id);
  ledgers.delete(id);
  forgetHistory(id);
}

/** Drops a ledger that is idle; the next account with the key reads it from disk again. */
function shareLedger(key: string, options: AccountOptions): Ledger {
  const ledger = openLedger(options, () => {
    if (ledgers.get(key) === ledger) ledgers.delete(key);
  });
  ledgers.set(key, ledger);
  return ledger;
}

function ledgerKey(id: string, { storage }: AccountOptions): string {
  return storage ? join(storage.directory, storage.name) : id;
}

import type { Ledger } from '../spending/ledger.js';
import { Account } from './account.js';
import { openLedger } from './open-ledger.js';
import type { AccountOptions, AccountSettings } from './settings.js';

/** Accounts outlive the nodes that configure them: a deploy makes new nodes, but not new connections. */
const accounts = new Map<string, Account>();

/** Ledgers by the id of their config node: all that spends under it shares one. */
const ledgers = new Map<string, Ledger>();

/** The account of a config node, made on first use, with its settings as they are now; `options` count only then. */
export function openAccount(id: string, settings: AccountSettings, options: AccountOptions): Account {
  const known = accounts.get(id);
  known?.configure(settings);
  const account = known ?? draftAccount(id, settings, options);
  accounts.set(id, account);
  return account;
}

/**
 * An account with settings that are not deployed, under the id of a config node that need not exist, with the ledger of that node.
 * Must be closed.
 */
export function draftAccount(id: string, settings: AccountSettings, options: AccountOptions): Account {
  return new Account(settings, { ...options, ledger: ledgers.get(id) ?? shareLedger(id, options) });
}

/** Ends the account of a config node that is gone. */
export function closeAccount(id: string): void {
  accounts.get(id)?.close();
  accounts.delete(id);
  ledgers.delete(id);
}

/** What is on disk is read again when somebody spends under the id again. */
function shareLedger(id: string, options: AccountOptions): Ledger {
  const ledger = openLedger(options, () => {
    if (ledgers.get(id) === ledger) ledgers.delete(id);
  });
  ledgers.set(id, ledger);
  return ledger;
}

import { Account } from './account.js';
import { openLedger } from './open-ledger.js';
import type { AccountSettings, AccountOptions } from './settings.js';
import type { Ledger } from '../spending/ledger.js';

/** Accounts outlive the nodes that configure them: a deploy makes new nodes, but not new connections. */
const accounts = new Map<string, Account>();

/** Books by the id of their config node: whoever spends under it shares them. */
const books = new Map<string, Ledger>();

/** The account of a config node, made on first use, with its settings as they are now; `tools` count at its first use. */
export function openAccount(id: string, settings: AccountSettings, tools: AccountOptions): Account {
  const known = accounts.get(id);
  known?.configure(settings);
  const account = known ?? draftAccount(id, settings, tools);
  accounts.set(id, account);
  return account;
}

/**
 * An account with settings that are not in force, or not yet, of a config node that need not be there. It spends from the books of
 * that node. Whoever asked for it closes it.
 */
export function draftAccount(id: string, settings: AccountSettings, tools: AccountOptions): Account {
  const shared = books.get(id) ?? openLedger(tools);
  books.set(id, shared);
  return new Account(settings, { ...tools, books: shared });
}

/** Ends the account of a config node that is gone. */
export function closeAccount(id: string): void {
  accounts.get(id)?.close();
  accounts.delete(id);
  books.delete(id);
}

import { Account } from './account.js';
import type { AccountSettings, AccountTools } from './account-settings.js';

/** Accounts outlive the nodes that configure them: a deploy makes new nodes, but not new connections. */
const accounts = new Map<string, Account>();

/** The account of a config node, made on first use, with its settings as they are now; `tools` count at its first use. */
export function openAccount(id: string, settings: AccountSettings, tools: AccountTools): Account {
  const known = accounts.get(id);
  known?.configure(settings);
  const account = known ?? new Account(settings, tools);
  accounts.set(id, account);
  return account;
}

/** Ends the account of a config node that is gone. */
export function closeAccount(id: string): void {
  accounts.get(id)?.close();
  accounts.delete(id);
}

import { storedPassword } from '../stored-password.js';
import type { EditedNode, Property, Setting } from './red.js';
import { currentValue } from './field-value.js';
import { readTicket } from './tickets.js';

export { storedPassword };

/** The settings of a node by name, with its id and its flow. */
export type Settings = Record<string, Setting>;

/** An account as the admin routes take it, deployed or not. */
export interface PostedAccount {
  account: Settings;
  /** Only if one was typed since the last deploy: a stored key never reaches the browser. */
  apiKey?: string;
  /** Of the sign-in whose key stands in place of the stored one. */
  ticket?: string;
}

/** The current settings of a node: the fields of its open dialog, else the saved values, else the defaults. */
export function currentSettings(node: EditedNode): Settings {
  const defaults = Object.entries(node._def.defaults as Record<string, Property<Setting>>);
  return {
    id: node.id,
    z: node.z,
    ...Object.fromEntries(defaults.map(([name, { value }]) => [name, currentValue(node, name) ?? value])),
  };
}

/** An account for the admin routes with its current settings. A deleted key is sent as ''. */
export function postedAccount(account: EditedNode): PostedAccount {
  const apiKey = typedCredential(account, 'apiKey');
  const ticket = currentCredential(account, 'apiKey') === storedPassword ? readTicket(account.id) : undefined;
  return {
    account: currentSettings(account),
    ...(apiKey !== undefined && { apiKey }),
    ...(ticket !== undefined && { ticket }),
  };
}

/** A credential that was typed since the last deploy; '' = deleted, undefined = as it is stored. */
export function typedCredential(node: EditedNode, name: string): string | undefined {
  const value = currentCredential(node, name);
  const isTyped =
    typeof value === 'string' &&
    value !== storedPassword &&
    (value !== '' || node.credentials?.[`has_${name}`] !== undefined);
  return isTyped ? value : undefined;
}

function currentCredential(node: EditedNode, name: string): unknown {
  return currentValue(node, name) ?? node.credentials?.[name];
}

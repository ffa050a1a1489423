import type { Node, NodeAPI } from 'node-red';
import type { Account } from '../../src/account/account.js';
import type { AccountSettings } from '../../src/account/settings.js';
import { closeAccount, draftAccount, openAccount } from '../../src/account/registry.js';
import { ImageError } from '../../src/errors.js';
import { makeTranslate } from '../shared/on-message.js';
import { accountOptions } from './account-options.js';
import { readSettings } from './read-settings.js';
import { type NanogptConfigConfig, defaults } from './config.js';
import { withDefaults } from '../shared/with-defaults.js';

/**
 * The account of a config node with its settings; those that an older flow
 * lacks are absent. Warns once about dangerous settings.
 *
 * @throws ImageError `not_configured` naming the setting that cannot work.
 */
export function openNodeAccount(
  RED: NodeAPI,
  node: Node,
  saved: Partial<NanogptConfigConfig>,
  apiKey: string,
): Account {
  const config = withDefaults(defaults, saved);
  const settings = readSettings(RED, config, apiKey, findSaved(RED, node));
  refuseEmptyKey(RED, node.id, apiKey);
  const account = openAccount(node.id, settings, accountOptions(RED, node.id, config.name));
  const translate = makeTranslate(RED);
  for (const warning of account.warnings()) node.warn(translate(warning));
  return account;
}

/** An account with settings that are not deployed, under its id in the editor. Must be closed. */
export function openDraftAccount(RED: NodeAPI, id: string, settings: AccountSettings, name: string): Account {
  return draftAccount(id, settings, accountOptions(RED, id, name));
}

/** Ends the account of a removed config node. */
export function closeNodeAccount(id: string): void {
  closeAccount(id);
}

/** The settings as saved, before Node-RED filled in variables. */
function findSaved(RED: NodeAPI, { id, _alias = id }: Node & { _alias?: string }): Partial<NanogptConfigConfig> {
  let found: Partial<NanogptConfigConfig> = {};
  RED.nodes.eachNode((definition) => {
    if (definition.id === _alias) found = definition;
  });
  return found;
}

/** @throws ImageError `not_configured` where the key is an empty variable. */
function refuseEmptyKey(RED: NodeAPI, id: string, apiKey: string): void {
  const { apiKey: saved } = (RED.nodes.getCredentials(id) ?? {}) as { apiKey?: unknown };
  const variable = typeof saved === 'string' ? saved.trim() : '';
  if (apiKey === '' && /^\$[{(]/.test(variable))
    throw new ImageError('not_configured', 'key_variable_unset', { variable });
}

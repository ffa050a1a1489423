import { join } from 'node:path';
import type { Node, NodeAPI } from 'node-red';
import type { Account } from '../../src/account/account.js';
import type { AccountSettings, AccountOptions } from '../../src/account/settings.js';
import { closeAccount, draftAccount, openAccount } from '../../src/account/registry.js';
import { translator } from '../shared/on-message.js';
import { readSettings } from './read-settings.js';
import { type NanogptConfigConfig, defaults } from './config.js';

/**
 * The account behind a config node, with the node's settings; those that an older flow lacks are absent. What is dangerous about them is said once.
 *
 * @throws ImageError `not_configured` naming the setting that cannot work.
 */
export function openNodeAccount(
  RED: NodeAPI,
  node: Node,
  saved: Partial<NanogptConfigConfig>,
  apiKey: string,
): Account {
  const config = { ...defaults, ...saved };
  const account = openAccount(node.id, readSettings(RED, config, apiKey), toolsOf(RED, node.id, config.name));
  const say = translator(RED);
  for (const warning of account.warnings()) node.warn(say(warning));
  return account;
}

/** An account with settings that are not deployed, under the id that they have in the editor. Whoever asked for it closes it. */
export function openDraftAccount(RED: NodeAPI, id: string, settings: AccountSettings, name: string): Account {
  return draftAccount(id, settings, toolsOf(RED, id, name));
}

/** Ends the account of a removed config node. */
export function closeNodeAccount(id: string): void {
  closeAccount(id);
}

/** Books and price lists are kept nowhere where Node-RED has no user directory. */
function toolsOf(RED: NodeAPI, id: string, name: string): AccountOptions {
  const { userDir } = RED.settings;
  const say = translator(RED);
  return {
    onWarning: (warning) => RED.log.warn(`[nanogpt-config:${name || id}] ${say(warning)}`),
    ...(userDir && { storage: { directory: join(userDir, 'flow-easel-nanogpt'), name: id.replace(/[^\w.-]/g, '_') } }),
  };
}

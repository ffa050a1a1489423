import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import type { AccountOptions } from '../../src/account/settings.js';
import { toDirectoryName } from '../../src/account/directory-name.js';
import { announceChange } from '../shared/editor-events.js';
import { makeTranslate } from '../shared/on-message.js';
import { makeDelivery } from '../shared/recover-message.js';

/** Ledger, history and model list are kept in memory where Node-RED has no user directory. */
export function accountOptions(RED: NodeAPI, id: string, name: string): AccountOptions {
  const { userDir } = RED.settings;
  const translate = makeTranslate(RED);
  return {
    delivery: makeDelivery(RED),
    onChange: () => announceChange(RED),
    onWarning: (warning) => RED.log.warn(`[nanogpt-config:${name || id}] ${translate(warning)}`),
    ...(userDir && { storage: { directory: join(userDir, 'flow-easel-nanogpt'), name: toDirectoryName(id) } }),
  };
}

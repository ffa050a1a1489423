import type { Node, NodeAPI } from 'node-red';
import { deployHistory, forgetHistory } from '../../src/account/histories.js';
import type { History } from '../../src/history/history.js';
import { accountOptions } from './account-options.js';
import { type NanogptConfigConfig, defaults } from './config.js';
import { readHistorySettings } from './read-settings.js';
import { withDefaults } from '../shared/with-defaults.js';

/**
 * The history of a config node, without the client that makes its images: the editor shows them right after a start.
 *
 * @throws ImageError `not_configured` naming the setting that cannot work.
 */
export function openNodeHistory(RED: NodeAPI, { id }: Node, saved: Partial<NanogptConfigConfig>): History {
  const config = withDefaults(defaults, saved);
  return deployHistory(id, readHistorySettings(config), accountOptions(RED, id, config.name));
}

/** Forgets the history of a removed config node; its files stay. */
export function closeNodeHistory(id: string): void {
  forgetHistory(id);
}

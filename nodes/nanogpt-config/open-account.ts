import type { Account, AccountSettings } from '../../src/account.js';
import { closeAccount, openAccount } from '../../src/accounts.js';
import { ImageError } from '../../src/errors.js';
import { toNumber } from '../../src/json.js';
import { type NanogptConfigConfig, defaults } from './config.js';

/**
 * The account behind a config node, with the node's settings.
 *
 * @throws ImageError `not_configured` naming the setting that cannot work.
 */
export function openFrom(id: string, config: NanogptConfigConfig, apiKey: string): Account {
  return openAccount(id, settingsOf(config, apiKey));
}

/** Ends the account of a removed config node. */
export function close(id: string): void {
  closeAccount(id);
}

function settingsOf(config: NanogptConfigConfig, apiKey: string): AccountSettings {
  if (!services.has(config.service)) throw new ImageError('not_configured', 'bad_setting', { field: 'service', rule: [...services].join(', ') });
  return {
    service: config.service,
    baseUrl: config.baseUrl,
    apiKey,
    model: config.model,
    timeout: positive('timeout', config.timeout) * 1000,
  };
}

const services = new Set<string>(['nanogpt', 'openai', 'compatible', 'sandbox'] satisfies NanogptConfigConfig['service'][]);

/** A blank number means its default, as everywhere in the dialog. */
function positive(field: 'timeout', value: number | string): number {
  const number = value === '' ? Number(defaults[field]) : toNumber(value);
  if (number === undefined || number <= 0) throw new ImageError('not_configured', 'bad_setting', { field, rule: 'a number above 0' });
  return number;
}

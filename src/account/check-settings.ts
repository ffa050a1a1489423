import { plaintextKeyHost, requireKey, resolveEndpoint } from '../api/endpoint.js';
import type { Warning } from '../generation.js';
import { warning } from '../warning.js';
import type { AccountSettings } from './settings.js';

/**
 * Warnings about settings that work but are dangerous.
 *
 * @throws ImageError `not_configured` where they cannot work.
 */
export function checkSettings(settings: AccountSettings): Warning[] {
  const { service, cluster } = settings;
  // An instance that only asks sends no request to the service, so it needs no key.
  if (service === 'sandbox' || cluster?.role === 'ask') return [];
  const endpoint = resolveEndpoint(settings);
  requireKey(endpoint);
  const host = plaintextKeyHost(endpoint);
  return host === undefined ? [] : [warning('plaintext_key', { host })];
}

import { ImageError } from '../errors.js';
import { isLiteral, isPublicAddress } from './http/address-guard.js';
import { apiRoot } from './base-url.js';
import type { Dialect, Edits, Service } from './dialects/dialect.js';
import { selectDialect } from './dialects/select-dialect.js';

/** Where and as whom requests go, as a user sets it. */
export interface EndpointSettings {
  service: Service;
  edits: Edits;
  /** Blank = the service's own. */
  baseUrl: string;
  /** Blank = none. */
  apiKey: string;
}

/** Where a service is: its dialect, the address its paths hang on, and the key as it is set, which `keyOf` checks. */
export interface Endpoint {
  dialect: Dialect;
  root: string;
  apiKey: string;
}

/**
 * Checks what can be known of the address before anything is sent.
 *
 * @throws ImageError `not_configured` where it is missing or cannot work.
 */
export function resolveEndpoint({ service, edits, baseUrl, apiKey }: EndpointSettings): Endpoint {
  const dialect = selectDialect(service, edits);
  const address = baseUrl.trim() === '' ? dialect.baseUrl : baseUrl;
  if (address === undefined) throw new ImageError('not_configured', 'no_base_url');
  return { dialect, root: apiRoot(address, dialect.addressStyle), apiKey: apiKey.trim() };
}

/** The host that the key would go to in clear over the internet, as far as its name shows; undefined where it does not. */
export function plaintextKeyHost({ root, apiKey }: Endpoint): string | undefined {
  const { protocol, hostname } = new URL(root);
  const inTheHouse = isLiteral(hostname)
    ? !isPublicAddress(hostname)
    : !hostname.includes('.') || /\.(localhost|local|lan|home|internal|arpa)$/i.test(hostname);
  return protocol === 'http:' && apiKey !== '' && !inTheHouse ? hostname : undefined;
}

/**
 * The key that a request is made with, '' where the service needs none.
 *
 * @throws ImageError `not_configured` where it is missing or cannot work.
 */
export function requireKey({ dialect, apiKey: key }: Endpoint): string {
  if (key === '' && dialect.needsKey) throw new ImageError('not_configured', 'no_key');
  if (/^\$[{(].*[})]$/.test(key)) throw new ImageError('not_configured', 'key_variable_unset', { variable: key });
  if (/^sk-nano-mgmt-/i.test(key)) throw new ImageError('not_configured', 'management_key');
  if (/[^\x21-\x7e]/.test(key)) throw new ImageError('not_configured', 'bad_key');
  return key;
}

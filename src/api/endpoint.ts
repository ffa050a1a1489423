import { defined } from '../defined.js';
import { ImageError } from '../errors.js';
import { isPlaintextHttp } from './address.js';
import { readBaseUrl } from './base-url.js';
import type { Dialect, Edits } from './dialects/dialect.js';
import { selectDialect } from './dialects/select-dialect.js';
import { basicAuthorization } from './http/basic-auth.js';
import type { ImageSource } from './http/downloads.js';
import type { Service } from './services.js';

/**
 * Who pays at NanoGPT: '' = the subscription where it covers the model,
 * `paygo` = always the balance (NanoGPT docs: billing).
 */
export type Billing = '' | 'paygo';

/** Where requests go and with which key, as a user sets it. */
export interface EndpointSettings {
  service: Service;
  edits: Edits;
  /** Absent = as the service decides. */
  billing?: Billing;
  /** Blank = the service's own. */
  baseUrl: string;
  /** Blank = none. */
  apiKey: string;
}

/** The address of a service and the credentials of the account. */
export interface Endpoint {
  dialect: Dialect;
  /** The address that its paths are appended to. */
  root: string;
  /** The query of every request: '' or `?name=value`. */
  query: string;
  /** As it is set; `requireKey` checks it. */
  apiKey: string;
  /** The user and password of the base URL, as an Authorization header. */
  basic?: string;
  /** Further headers of each generation request. */
  headers: Record<string, string>;
}

/**
 * Validates the address before anything is sent.
 *
 * @throws ImageError `not_configured` where it is missing or cannot work.
 */
export function resolveEndpoint({ service, edits, billing, baseUrl, apiKey }: EndpointSettings): Endpoint {
  const dialect = selectDialect(service, edits);
  const address = baseUrl.trim() === '' ? dialect.baseUrl : baseUrl;
  if (address === undefined) throw new ImageError('not_configured', 'no_base_url');
  const { root, query, url } = readBaseUrl(address, dialect.addressStyle);
  const basic = basicAuthorization(url);
  const key = apiKey.trim();
  if (basic !== undefined && key !== '') throw new ImageError('not_configured', 'base_url_and_key');
  const headers: Record<string, string> =
    service === 'nanogpt' && billing === 'paygo' ? { 'x-billing-mode': billing } : {};
  return { dialect, root, query, apiKey: key, headers, ...defined({ basic }) };
}

/** The address of a path of the service, which may have a query of its own. */
export function resolvePath({ root, query }: Pick<Endpoint, 'root' | 'query'>, path: string): URL {
  const url = new URL(root + path);
  for (const [name, value] of new URLSearchParams(query)) url.searchParams.append(name, value);
  return url;
}

/**
 * The authorization header.
 *
 * @throws ImageError `not_configured` where the key is missing or cannot work.
 */
export function authorize(endpoint: Endpoint): Record<string, string> {
  if (endpoint.basic !== undefined) return { authorization: endpoint.basic };
  const key = requireKey(endpoint);
  return key === '' ? {} : { authorization: `Bearer ${key}` };
}

/** The password in the base URL, '' where there is none; never shown, like the key. */
export function basicPassword({ basic }: Endpoint): string {
  const pair = Buffer.from(basic?.replace('Basic ', '') ?? '', 'base64').toString();
  return pair.slice(pair.indexOf(':') + 1);
}

/** Where generated images are downloaded from; only self-hosted servers may require the key for that. */
export function imageSource(endpoint: Endpoint): ImageSource {
  const authorization = (): string | undefined =>
    endpoint.dialect.protectsImages ? authorize(endpoint).authorization : undefined;
  return { url: new URL(endpoint.root), authorization };
}

/**
 * The host that would receive a key or password unencrypted over the
 * internet, judging by its name; undefined where none would.
 */
export function plaintextKeyHost({ root, apiKey, basic }: Endpoint): string | undefined {
  const url = new URL(root);
  return isPlaintextHttp(url) && (apiKey !== '' || basic !== undefined) ? url.hostname : undefined;
}

/**
 * The key that a request is made with, '' where the service needs none.
 *
 * @throws ImageError `not_configured` where it is missing or cannot work.
 */
export function requireKey({ dialect, apiKey: key, basic }: Endpoint): string {
  if (key === '' && dialect.needsKey && basic === undefined) throw new ImageError('not_configured', 'no_key');
  if (/^\$[{(].*[})]$/.test(key)) throw new ImageError('not_configured', 'key_variable_unset', { variable: key });
  if (/^sk-nano-mgmt-/i.test(key)) throw new ImageError('not_configured', 'management_key');
  if (/[^\x21-\x7e]|["']/.test(key)) throw new ImageError('not_configured', 'bad_key');
  return key;
}

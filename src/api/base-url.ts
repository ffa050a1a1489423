import { ImageError } from '../errors.js';

/** How the paths of a service hang on the address that a user gives. */
export type AddressStyle = 'host' | 'version';

/**
 * The address that the paths of an API are appended to, without a slash at its end, from whatever form a user pastes: a bare
 * host, `/v1`, `/api`, `/api/v1`, the whole route, with quotes or spaces around it.
 *
 * `host` drops the version, for services whose paths hang on the host (NanoGPT: `/v1/...` and `/api/...`); `version` keeps the
 * path as it is and adds `/v1` where there is none, for servers that speak OpenAI's API below any path.
 *
 * @throws ImageError `not_configured` where it is no http(s) address.
 */
export function apiRoot(text: string, style: AddressStyle): string {
  const trimmed = text.trim().replace(/^["'<]+|["'>]+$/g, '');
  const url = parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `${defaultScheme(trimmed)}://${trimmed}`);
  if (!url) throw new ImageError('not_configured', 'bad_base_url');
  const path = url.pathname
    .replace(/\/+/g, '/')
    .replace(/\/$/, '')
    .replace(/\/(images\/(generations|edits)|image-models|models|check-balance|chat\/completions)$/i, '');
  if (style === 'host') return url.origin + path.replace(/(\/api)?(\/v1)?$/i, '');
  return url.origin + (path === '' ? '/v1' : path);
}

/** Servers in the house seldom have a certificate: an address on this machine or in the LAN is taken as plain http. */
function defaultScheme(address: string): 'http' | 'https' {
  return /^(localhost|\[|\d+\.\d+\.\d+\.\d+|[^./:]+(:|$)|[^/:]+\.(local|lan|home|internal)\b)/i.test(address)
    ? 'http'
    : 'https';
}

function parse(address: string): URL | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url && /^https?:$/.test(url.protocol) && url.hostname !== '' ? url : undefined;
}

import { ImageError } from '../errors.js';
import { parseAddress } from './address.js';
import { withoutCredentials } from './http/basic-auth.js';

/** How the paths of a service are appended to the address that a user enters. */
export type AddressStyle = 'host' | 'version';

/** An address that the paths of an API are appended to. */
export interface BaseUrl {
  /** Without a slash at its end, a query or a password. */
  root: string;
  /** What is added to every path: '' or `?name=value`. */
  query: string;
  /** The address as it was given, with its user and password. */
  url: URL;
}

/** Routes that users paste instead of the address. */
const routes =
  /\/(images(\/(generations|edits?|variations|models))?|image-models|models|check-balance|(chat\/)?completions|chat|responses|embeddings)$/i;

/**
 * Reads an address in whatever form a user pastes it: a bare host, `/v1`, `/api`, `/api/v1`, a whole route, in quotes
 * or spaces, with a query such as `?api-version=2024-02-01` or with a user and password; these belong to every request.
 *
 * `host` drops the version, for services whose paths start at the host (NanoGPT: `/v1/...` and `/api/...`); `version`
 * keeps the path and adds `/v1` where there is none, for servers with OpenAI's API below any path.
 *
 * @throws ImageError `not_configured` where it is no http(s) address.
 */
export function readBaseUrl(text: string, style: AddressStyle): BaseUrl {
  const url = parseAddress(text);
  if (!url) throw new ImageError('not_configured', 'bad_base_url');
  const given = url.pathname.replace(/\/+/g, '/').replace(/\/$/, '');
  const path = given.replace(routes, '');
  // The query of NanoGPT's list of models belongs to that list only.
  const query = /image-models$/i.test(given) ? '' : url.search;
  const { origin } = withoutCredentials(url);
  if (style === 'host') return { root: origin + path.replace(/(\/api)?(\/v1)?$/i, ''), query, url };
  return { root: origin + (path === '' ? '/v1' : path), query, url };
}

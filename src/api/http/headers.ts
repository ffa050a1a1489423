import { basicAuthorization } from './basic-auth.js';
import type { Body } from './body.js';

/** What a request says of its body. */
export function bodyHeaders(body: Body | undefined): Record<string, string> {
  return body ? { 'content-type': body.type, 'content-length': String(body.length) } : {};
}

/** What a proxy that forwards the request wants to know. */
export function proxyHeaders(forward: URL | undefined): Record<string, string> {
  const authorization = forward && basicAuthorization(forward);
  return authorization === undefined ? {} : { 'proxy-authorization': authorization };
}

/** The headers of an answer; names in lower case, repeated headers joined. */
export function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  return plain;
}

import { getProxyForUrl } from 'proxy-from-env';
import { ProxyError } from './proxy-error.js';

/** A proxy that a user chose, as Node-RED's `http proxy` node describes it. */
export interface ProxySettings {
  url: string;
  /** Parts of hosts that are reached directly. */
  noProxy: string[];
  username?: string;
  password?: string;
}

/** The proxy of a connection: one that a user chose, `direct` = never one, undefined = as the environment says. */
export type ProxyChoice = ProxySettings | 'direct' | undefined;

const supported = /^(https?|socks5h?|socks):$/;

/**
 * The proxy for an address: the chosen one, else the environment's (http_proxy, https_proxy, all_proxy, no_proxy);
 * undefined = none.
 *
 * @throws Error where the setting is not a URL; ProxyError for an unsupported kind of proxy.
 */
export function proxyFor(url: URL, chosen: ProxyChoice): URL | undefined {
  if (chosen === 'direct') return undefined;
  const address = chosen
    ? chosen.noProxy.some((part) => part !== '' && url.host.includes(part))
      ? ''
      : chosen.url
    : getProxyForUrl(url.href);
  if (address === '') return undefined;
  const proxy = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`);
  if (!supported.test(proxy.protocol))
    throw new ProxyError(
      proxy.host,
      `speaks ${proxy.protocol.slice(0, -1)}, but only http, https and socks5 are supported`,
    );
  if (chosen?.username) proxy.username = encodeURIComponent(chosen.username);
  if (chosen?.password) proxy.password = encodeURIComponent(chosen.password);
  return proxy;
}

/**
 * The proxy for a request in absolute form: plain http goes through an http proxy without a tunnel (RFC 9112 3.2.2).
 */
export function forwardProxyFor(url: URL, chosen: ProxyChoice): URL | undefined {
  const proxy = url.protocol === 'http:' ? proxyFor(url, chosen) : undefined;
  return proxy && isSocks(proxy) ? undefined : proxy;
}

/** Whether a proxy speaks SOCKS. */
export function isSocks({ protocol }: URL): boolean {
  return protocol.startsWith('socks');
}

import { type RequestOptions, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { getProxyForUrl } from 'proxy-from-env';

/** A proxy that a user chose, as Node-RED's `http proxy` node describes it. */
export interface ProxySettings {
  url: string;
  /** Parts of hosts that are reached directly. */
  noProxy: string[];
  username?: string;
  password?: string;
}

/** The proxy for an address: the chosen one, else the environment's (http_proxy, https_proxy, all_proxy, no_proxy); undefined = none. */
export function proxyFor(url: URL, chosen: ProxySettings | undefined): URL | undefined {
  const address = chosen
    ? chosen.noProxy.some((part) => part !== '' && url.host.includes(part))
      ? ''
      : chosen.url
    : getProxyForUrl(url.href);
  if (address === '') return undefined;
  const proxy = new URL(/^[a-z]+:\/\//i.test(address) ? address : `http://${address}`);
  if (chosen?.username) proxy.username = encodeURIComponent(chosen.username);
  if (chosen?.password) proxy.password = encodeURIComponent(chosen.password);
  return proxy;
}

/**
 * Opens a tunnel through a proxy (CONNECT, RFC 9110 9.3.6) to `host:port` within `timeout` milliseconds. One attempt: whatever goes
 * wrong ends it.
 *
 * @throws Error where the proxy cannot be reached, refuses, cuts or stays silent.
 */
export function openTunnel(proxy: URL, target: string, timeout: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const options: RequestOptions = {
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      path: target,
      headers: { host: target, ...authorization(proxy) },
      agent: false,
    };
    const request = proxy.protocol === 'https:' ? httpsRequest(options) : httpRequest(options);
    const silence = setTimeout(() => request.destroy(new Error('it stays silent')), timeout).unref();
    request.once('connect', ({ statusCode }, socket, head) => {
      clearTimeout(silence);
      if (statusCode !== 200) {
        socket.destroy();
        return reject(new Error(`The proxy answered HTTP ${statusCode}`));
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.once('response', ({ statusCode }) => {
      clearTimeout(silence);
      request.destroy();
      reject(new Error(`The proxy answered HTTP ${statusCode}`));
    });
    request.once('error', (error) => {
      clearTimeout(silence);
      reject(new Error(`The proxy could not be used: ${error.message}`, { cause: error }));
    });
    request.end();
  });
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

import { type RequestOptions, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { basicAuthorization } from './basic-auth.js';
import { ProxyError } from './proxy-error.js';

/** How long connecting may take, and what ends it. */
export interface TunnelOptions {
  /** In milliseconds. */
  timeout: number;
  signal?: AbortSignal | undefined;
}

/**
 * Opens a tunnel through a proxy (CONNECT, RFC 9110 9.3.6) to `host:port`, in one attempt.
 *
 * @throws ProxyError where the proxy cannot be reached, refuses, hangs up or stays silent.
 */
export function openTunnel(proxy: URL, target: string, { timeout, signal }: TunnelOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const authorization = basicAuthorization(proxy);
    const options: RequestOptions = {
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      path: target,
      headers: { host: target, ...(authorization !== undefined && { 'proxy-authorization': authorization }) },
      agent: false,
      ...(signal && { signal }),
    };
    const request = proxy.protocol === 'https:' ? httpsRequest(options) : httpRequest(options);
    const silence = setTimeout(() => request.destroy(new Error('it stays silent')), timeout).unref();
    const fail = (reason: string, cause?: unknown): void => {
      clearTimeout(silence);
      request.destroy();
      reject(new ProxyError(proxy.host, reason, cause));
    };
    request.once('connect', ({ statusCode = 0 }, socket, head) => {
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        return fail(`answered HTTP ${statusCode}`);
      }
      clearTimeout(silence);
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.once('response', ({ statusCode }) => fail(`answered HTTP ${statusCode}`));
    request.on('error', (error) => fail(`could not be used: ${error.message}`, error));
    request.end();
  });
}

/** Thrown where a proxy prevents a connection. */
export class ProxyError extends Error {
  /** Host and port of the proxy, without its password. */
  readonly proxy: string;
  /** What went wrong, as the end of a sentence that begins with the proxy. */
  readonly reason: string;

  constructor(proxy: string, reason: string, cause?: unknown) {
    super(`The proxy ${proxy} ${reason}`, { cause });
    this.name = 'ProxyError';
    this.proxy = proxy;
    this.reason = reason;
  }
}

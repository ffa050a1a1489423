import type { AccountSettings, AccountOptions } from './settings.js';
import { type Endpoint, resolveEndpoint } from '../api/endpoint.js';
import { type Connections, openConnections } from './open-endpoint.js';
import type { Network } from '../api/http/network.js';

/** The one way from an account to its service, opened at the first use and again for new settings. */
export class Connection {
  readonly #tools: AccountOptions;
  #settings: AccountSettings;
  #network: Network | undefined;
  #line: Promise<Connections> | undefined;
  #sandbox: { url: Promise<string>; release(): void } | undefined;

  constructor(settings: AccountSettings, tools: AccountOptions) {
    this.#settings = settings;
    this.#tools = tools;
  }

  /** What is under way keeps the old line. */
  configure(settings: AccountSettings): void {
    this.#settings = settings;
    this.#line = undefined;
    if (settings.service !== 'sandbox') this.#releaseSandbox();
  }

  /**
   * A line that could not be opened is tried again by the next request.
   *
   * @throws ImageError `not_configured` where the address cannot work.
   */
  open(): Promise<Connections> {
    return (this.#line ??= this.#connect().catch((error: unknown) => {
      this.#line = undefined;
      throw error;
    }));
  }

  /** Ends all connections at once. */
  close(): void {
    this.#network?.close();
    this.#line = undefined;
    this.#releaseSandbox();
  }

  async #connect(): Promise<Connections> {
    const settings = this.#settings;
    const way = settings.service === 'sandbox' ? await this.#enterSandbox() : resolveEndpoint(settings);
    const line = openConnections(way, settings, this.#tools);
    this.#network = line.network;
    return line;
  }

  async #enterSandbox(): Promise<Endpoint> {
    const { acquireSandbox, sandboxKey } = await import('../../sandbox/local.js');
    const { url } = (this.#sandbox ??= acquireSandbox());
    const baseUrl = await url.catch((error: unknown) => {
      this.#releaseSandbox();
      throw error;
    });
    return resolveEndpoint({ service: 'sandbox', edits: 'json', baseUrl, apiKey: sandboxKey });
  }

  #releaseSandbox(): void {
    this.#sandbox?.release();
    this.#sandbox = undefined;
  }
}

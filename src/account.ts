import { type Model, readModels } from './api/catalogue.js';
import { Client, type ClientSettings } from './api/client.js';
import { Transport } from './api/transport.js';
import { type Clock, systemClock } from './clock.js';
import { ImageError } from './errors.js';
import type { Generation, GenerationRequest } from './generation.js';
import { toNumber } from './json.js';

/** An account as a user sets it. Times are in milliseconds. */
export interface AccountSettings extends ClientSettings {
  /** Used where a request names no model; blank = the service's default. */
  model: string;
}

/** Money that is left with the service. */
export interface Balance {
  amount: number;
  currency: string;
}

/** An account with a service: its connections, and all that its requests have in common. */
export class Account {
  readonly #clock: Clock;
  readonly #transport: Transport;
  #settings: AccountSettings;
  #client: Promise<Client> | undefined;
  #leaveSandbox: (() => void) | undefined;

  constructor(settings: AccountSettings, { clock = systemClock }: { clock?: Clock } = {}) {
    this.#settings = settings;
    this.#clock = clock;
    this.#transport = new Transport(clock);
  }

  /** Changes the settings for requests to come; those under way keep the old ones. */
  configure(settings: AccountSettings): void {
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return;
    this.#settings = settings;
    this.#forgetClient();
  }

  /**
   * Makes pictures.
   *
   * @throws ImageError for every failure; `signal.reason` when aborted.
   */
  async generate(request: GenerationRequest, { signal }: { signal: AbortSignal }): Promise<Generation> {
    const started = this.#clock.now();
    const model = request.model ?? this.#settings.model.trim();
    const client = await this.#open();
    const made = await client.generate({ ...request, ...(model !== '' && { model }) }, signal);
    return { ...made, attempts: 1, durationMs: this.#clock.now() - started };
  }

  /** What is left with the service. NanoGPT answers in US dollars, as text (NanoGPT docs: check balance). */
  async balance(signal: AbortSignal): Promise<Balance> {
    const client = await this.#open();
    const amount = toNumber((await client.ask('balance', signal)).usd_balance);
    if (amount === undefined) throw new ImageError('bad_response', 'no_balance', {}, { charged: 'no' });
    return { amount, currency: 'USD' };
  }

  /** The models that the service lists. */
  async models(signal: AbortSignal): Promise<Model[]> {
    const client = await this.#open();
    return readModels(await client.ask('models', signal));
  }

  /** Ends all connections at once. */
  close(): void {
    this.#forgetClient();
    void this.#transport.close();
  }

  #open(): Promise<Client> {
    return (this.#client ??= this.#connect());
  }

  async #connect(): Promise<Client> {
    const settings = this.#settings;
    return new Client(settings.service === 'sandbox' ? await this.#enterSandbox(settings) : settings, this.#transport, this.#clock);
  }

  async #enterSandbox(settings: AccountSettings): Promise<AccountSettings> {
    const { acquireSandbox, sandboxKey } = await import('./sandbox/local.js');
    const { url, release } = acquireSandbox();
    this.#leaveSandbox = release;
    return { ...settings, baseUrl: await url, apiKey: sandboxKey };
  }

  #forgetClient(): void {
    this.#client = undefined;
    this.#leaveSandbox?.();
    this.#leaveSandbox = undefined;
  }
}

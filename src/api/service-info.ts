import { ImageError } from '../errors.js';
import { isObject, toNumber } from '../json.js';
import type { Client } from './client.js';
import { type Endpoint, authorize, requireKey } from './endpoint.js';
import { findEntries } from './models/read-models.js';

/** What a service says of itself and of an account. Asking costs nothing. */
export class ServiceInfo {
  readonly #endpoint: Endpoint;
  readonly #client: Pick<Client, 'fetchJson'>;

  constructor(endpoint: Endpoint, client: Pick<Client, 'fetchJson'>) {
    this.#endpoint = endpoint;
    this.#client = client;
  }

  /**
   * The entries of the list of models, read with the key only where the list is not open to all.
   *
   * @throws ImageError where the service does not answer, or with something that is no list.
   */
  async listModels(signal: AbortSignal): Promise<unknown[]> {
    const { listsOpenly, models: path } = this.#endpoint.dialect;
    const headers = listsOpenly ? {} : authorize(this.#endpoint);
    const entries = findEntries(await this.#client.fetchJson({ path, headers }, 'models', signal));
    if (!entries) throw new ImageError('bad_response', 'models_unreadable', {}, { charged: 'no' });
    return entries;
  }

  /** What is left with the service, in US dollars; NanoGPT answers with text (NanoGPT docs: check balance). */
  async balance(signal: AbortSignal): Promise<number> {
    const { balance: path } = this.#endpoint.dialect;
    if (path === undefined) throw new ImageError('invalid_input', 'nothing_to_ask', { what: 'balance' });
    const headers = { 'x-api-key': requireKey(this.#endpoint), 'content-length': '0' };
    const answer = await this.#client.fetchJson({ path, method: 'POST', headers }, 'balance', signal);
    const amount = isObject(answer) ? toNumber(answer.usd_balance) : undefined;
    if (amount === undefined) throw new ImageError('bad_response', 'no_balance', {}, { charged: 'no' });
    return amount;
  }
}

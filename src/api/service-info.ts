import { ImageError } from '../errors.js';
import { isObject, toNumber } from '../json.js';
import type { Client } from './client.js';
import { type Endpoint, authorize, requireKey } from './endpoint.js';
import { mergeLists } from './models/merge-lists.js';
import { type Subscription, readSubscription } from './subscription.js';

/** Models and balance, as the service reports them. These requests cost nothing. */
export class ServiceInfo {
  readonly #endpoint: Endpoint;
  readonly #client: Pick<Client, 'fetchJson'>;

  constructor(endpoint: Endpoint, client: Pick<Client, 'fetchJson'>) {
    this.#endpoint = endpoint;
    this.#client = client;
  }

  /**
   * The entries of the lists of models as one, read with the key only where they are not open to all.
   *
   * @throws ImageError where the service does not answer, or with something that is no list.
   */
  async listModels(signal: AbortSignal): Promise<unknown[]> {
    const { models, typedModels, includedModels } = this.#endpoint.dialect;
    const [first, typed, included] = await Promise.allSettled([
      this.#fetchModels(models, signal),
      this.#fetchModels(typedModels, signal),
      this.#fetchModels(includedModels, signal),
    ]);
    signal.throwIfAborted();
    const entries = mergeLists({ priced: getValue(first), typed: getValue(typed), included: getValue(included) });
    if (entries) return entries;
    if (first.status === 'rejected') throw first.reason;
    throw new ImageError('bad_response', 'models_unreadable', {}, { charged: 'no' });
  }

  /**
   * What the page at a path of the service says of one model.
   *
   * @throws ImageError where the service does not answer.
   */
  describeModel(path: string, signal: AbortSignal): Promise<unknown> {
    return this.#fetchModels(path, signal);
  }

  async #fetchModels(path: string | undefined, signal: AbortSignal): Promise<unknown> {
    if (path === undefined) return undefined;
    const headers = this.#endpoint.dialect.listsOpenly ? {} : authorize(this.#endpoint);
    return this.#client.fetchJson({ path, headers }, 'models', signal);
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

  /** The subscription of the account (NanoGPT docs: subscription usage). */
  async subscription(signal: AbortSignal): Promise<Subscription> {
    const { subscription: path } = this.#endpoint.dialect;
    if (path === undefined) throw new ImageError('invalid_input', 'nothing_to_ask', { what: 'subscription' });
    requireKey(this.#endpoint);
    const headers = authorize(this.#endpoint);
    const subscription = readSubscription(await this.#client.fetchJson({ path, headers }, 'subscription', signal));
    if (!subscription) throw new ImageError('bad_response', 'no_subscription', {}, { charged: 'no' });
    return subscription;
  }
}

function getValue(result: PromiseSettledResult<unknown>): unknown {
  return result.status === 'fulfilled' ? result.value : undefined;
}

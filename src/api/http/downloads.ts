import type { Clock } from '../../clock.js';
import { type ErrorCode, ImageError } from '../../errors.js';
import { retry } from '../../queue/retry.js';
import { limits } from '../../limits.js';
import { type Lookup, defaultLookup, isPrivateHost } from './address-guard.js';
import { download } from './download.js';
import type { Network } from './network.js';
import type { Transport } from './transport.js';

/** Further tries of a download that failed for now; fetching again is free. */
const retries = 2;

/** Why an image did not come, where the usual sentence speaks of the service, its settings and of money. */
const reasons: Partial<Record<ErrorCode, string>> = {
  unreachable: 'no connection could be made',
  blocked_address: 'its address is not on the public internet',
  timed_out: 'no whole answer came in time',
  connection_lost: 'the connection was lost',
  bad_response: 'its compressed bytes are damaged',
};

/** Which addresses of input images an account fetches. */
export type AddressRule = 'public' | 'any' | 'never';

/** Fetches files for one account: images that its service made, and images that a flow names by address. */
export class Downloads {
  readonly #network: Network;
  readonly #service: URL;
  readonly #clock: Clock;
  readonly #lookup: Lookup;

  /** `service` is the address of the account's service, which may lie in the house and then serve its images from there. */
  constructor(network: Network, service: string, clock: Clock, lookup: Lookup = defaultLookup) {
    this.#network = network;
    this.#service = new URL(service);
    this.#clock = clock;
    this.#lookup = lookup;
  }

  /**
   * An image that was made, from the address in the answer; some servers give only its path.
   *
   * @throws ImageError whatever the reason; the image is paid for.
   */
  async made(address: string, signal: AbortSignal): Promise<Buffer> {
    if (!URL.canParse(address, this.#service.href))
      throw new ImageError('download_failed', 'download_refused', { reason: 'not a web address' });
    const url = new URL(address, this.#service);
    const transportFor = (hop: URL): Promise<Transport> => this.#transportForMade(hop);
    const once = (): Promise<Buffer> => download(url, { transportFor, cap: limits.image, signal });
    return retry(once, { retries, retryUnknown: true, clock: this.#clock, signal }).catch((error: unknown) => {
      if (!(error instanceof ImageError) || error.code === 'cancelled') throw error;
      throw new ImageError(
        'download_failed',
        'download_refused',
        { reason: reasonOf(error) },
        { cause: error.cause ?? error },
      );
    });
  }

  /**
   * An input image, from an address in a message.
   *
   * @throws ImageError `blocked_address` where the rule does not allow it, `invalid_input` where it cannot be had.
   */
  async input(
    address: string,
    { rule, field, signal }: { rule: AddressRule; field: string; signal: AbortSignal },
  ): Promise<Buffer> {
    if (rule === 'never') throw new ImageError('blocked_address', 'addresses_not_taken', { field });
    if (!URL.canParse(address.trim()))
      throw new ImageError('invalid_input', 'input_not_fetched', { field, reason: 'not a web address' });
    const transport = rule === 'any' ? this.#network.anywhere : this.#network.guarded;
    return download(new URL(address.trim()), { transportFor: async () => transport, cap: limits.input, signal }).catch(
      (error: unknown) => {
        if (!(error instanceof ImageError)) throw error;
        if (error.code === 'cancelled' || error.code === 'blocked_address') throw error.with({ charged: 'no' });
        const code = error.code === 'download_failed' ? 'invalid_input' : error.code;
        throw new ImageError(
          code,
          'input_not_fetched',
          { field, reason: reasonOf(error) },
          { ...error.details, charged: 'no', cause: error },
        );
      },
    );
  }

  async #transportForMade(url: URL): Promise<Transport> {
    if (url.origin === this.#service.origin) return this.#network.service;
    return (await isPrivateHost(this.#service.hostname, this.#lookup)) ? this.#network.anywhere : this.#network.guarded;
  }
}

function reasonOf({ code, params, message }: ImageError): string {
  return reasons[code] ?? String(params.reason ?? message);
}

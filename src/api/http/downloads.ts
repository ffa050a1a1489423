import type { Clock } from '../../clock.js';
import { type ErrorCode, ImageError } from '../../errors.js';
import { retry } from '../../queue/retry.js';
import { limits } from '../../limits.js';
import { type DownloadOptions, download } from './download.js';
import type { Network } from './network.js';
import type { Transport } from './transport.js';
import { isPrivateNetwork } from '../address.js';

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

/** The service whose images are fetched. */
export interface ImageSource {
  /** An address of the service; it may be in a private network and then serve its images from there. */
  url: URL;
  /** The key as an Authorization header, for services that protect what they made with it; undefined = none to give. */
  authorization: () => string | undefined;
}

/** Fetches files for one account: images that its service made, and images that a flow names by address. */
export class Downloads {
  readonly #network: Network;
  readonly #source: ImageSource;
  readonly #clock: Clock;

  constructor(network: Network, source: ImageSource, clock: Clock) {
    this.#network = network;
    this.#source = source;
    this.#clock = clock;
  }

  /**
   * An image that was made, from the address in the answer; some servers give only its path. Some name a host, port or scheme that
   * only they know: where nothing comes from there, the same path is tried once at the address of the service.
   *
   * @throws ImageError whatever the reason; the image is paid for.
   */
  async fetchResult(address: string, signal: AbortSignal): Promise<Buffer> {
    const service = this.#source.url;
    if (!URL.canParse(address, service.href))
      throw new ImageError('download_failed', 'download_refused', { reason: 'not a web address' });
    const url = new URL(address, service);
    try {
      return await this.#fetchFrom(url, signal).catch(async (error: unknown) => {
        if (!isInnerAddress(url, service, error)) throw error;
        const outer = new URL(url.pathname + url.search, service);
        return this.#fetchFrom(outer, signal).catch(() => {
          throw error;
        });
      });
    } catch (error) {
      if (!(error instanceof ImageError) || error.code === 'cancelled') throw error;
      const params = { reason: explainFailure(error) };
      throw new ImageError('download_failed', 'download_refused', params, { cause: error.cause ?? error });
    }
  }

  #fetchFrom(url: URL, signal: AbortSignal): Promise<Buffer> {
    const service = this.#source.url;
    const options: DownloadOptions = {
      transportFor: (hop) => this.#transportForResult(hop),
      authorize: ({ origin }) => (origin === service.origin ? this.#source.authorization() : undefined),
      isFresh: true,
      cap: limits.image,
      signal,
    };
    // An inner address is tried at the service next, which is faster than waiting for it.
    const tries = isPrivateNetwork(url.hostname) && url.origin !== service.origin ? 0 : retries;
    return retry(() => download(url, options), { retries: tries, retryUnknown: true, clock: this.#clock, signal });
  }

  /**
   * An input image, from an address in a message.
   *
   * @throws ImageError `blocked_address` where the rule does not allow it, `invalid_input` where it cannot be had.
   */
  async fetchInput(
    address: string,
    { rule, field, signal }: { rule: AddressRule; field: string; signal: AbortSignal },
  ): Promise<Buffer> {
    if (rule === 'never') throw new ImageError('blocked_address', 'addresses_not_taken', { field });
    if (!URL.canParse(address.trim()))
      throw new ImageError('invalid_input', 'input_not_fetched', { field, reason: 'not a web address' });
    const transport = rule === 'any' ? this.#network.anywhere : this.#network.guarded;
    return download(new URL(address.trim()), { transportFor: () => transport, cap: limits.input, signal }).catch(
      (error: unknown) => {
        if (!(error instanceof ImageError)) throw error;
        if (error.code === 'cancelled' || error.code === 'blocked_address') throw error.with({ charged: 'no' });
        const code = error.code === 'download_failed' ? 'invalid_input' : error.code;
        throw new ImageError(
          code,
          'input_not_fetched',
          { field, reason: explainFailure(error) },
          { ...error.details, charged: 'no', cause: error },
        );
      },
    );
  }

  /** Only a service in a private network may name private addresses, its own name among them: a name can lead elsewhere by now. */
  #transportForResult({ origin }: URL): Transport {
    const { service, guardedService, anywhere, guarded, isServicePrivate } = this.#network;
    const isOwn = origin === this.#source.url.origin;
    if (isServicePrivate()) return isOwn ? service : anywhere;
    return isOwn ? guardedService : guarded;
  }
}

/** Whether an address that failed may be one that only the service's own network knows. */
function isInnerAddress(url: URL, service: URL, error: unknown): boolean {
  if (!(error instanceof ImageError) || error.code === 'cancelled' || url.origin === service.origin) return false;
  if (error.code === 'unreachable' || error.code === 'blocked_address') return true;
  // Another machine may have the same address here, and knows nothing of the image.
  return error.params.reason === 'HTTP 404' && (url.hostname === service.hostname || isPrivateNetwork(url.hostname));
}

function explainFailure({ code, params, message, cause }: ImageError): string {
  const certificate = certificateProblem((cause as { code?: unknown } | undefined)?.code);
  return certificate ?? reasons[code] ?? String(params.reason ?? message);
}

/** What is wrong with the certificate of a server, by the code of the error that Node.js gives. */
function certificateProblem(code: unknown): string | undefined {
  if (typeof code !== 'string' || !/CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/.test(code)) return undefined;
  return `the certificate of its server is not trusted (${code})`;
}

import type { Clock } from '../../clock.js';
import { type ErrorCode, ImageError } from '../../errors.js';
import { retry } from '../../queue/retry.js';
import { limits } from '../../limits.js';
import { type DownloadOptions, download } from './download.js';
import type { Network } from './network.js';
import type { Transport } from './transport.js';
import { isPrivateNetwork } from '../address.js';

/** Retries of a download after a transient failure; downloading again is free. */
const retries = 2;

/** Reasons for a failed download, where the usual message is about the service, its settings and the charge. */
const reasons: Partial<Record<ErrorCode, string>> = {
  unreachable: 'no connection could be made',
  blocked_address: 'its address is not on the public internet',
  timed_out: 'no whole answer came in time',
  connection_lost: 'the connection was lost',
  bad_response: 'its compressed bytes are damaged',
};

/** Which addresses of input images an account fetches. */
export type AddressRule = 'public' | 'any' | 'never';

/** The service whose images are downloaded. */
export interface ImageSource {
  /** A URL of the service; where it is in a private network, images may be there too. */
  url: URL;
  /** The key as an Authorization header, for services that require it for their images; undefined = none. */
  authorization: () => string | undefined;
}

/** Downloads files for one account: images that its service generated, and input images by their URL. */
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
   * Downloads a generated image from the URL in the answer; some servers give only a path. Others name a host, port or
   * scheme that only they know: where that fails, the same path is tried once at the address of the service.
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
    // A private address is tried at the service next, which is faster than retrying.
    const tries = isPrivateNetwork(url.hostname) && url.origin !== service.origin ? 0 : retries;
    return retry(() => download(url, options), { retries: tries, retryUnknown: true, clock: this.#clock, signal });
  }

  /**
   * Downloads an input image from a URL in a message.
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

  /**
   * Only a service in a private network may name private addresses. That includes its own name, which may resolve
   * differently by now.
   */
  #transportForResult({ origin }: URL): Transport {
    const { service, guardedService, anywhere, guarded, isServicePrivate } = this.#network;
    const isOwn = origin === this.#source.url.origin;
    if (isServicePrivate()) return isOwn ? service : anywhere;
    return isOwn ? guardedService : guarded;
  }
}

/** Whether a URL that failed may exist only in the service's own network. */
function isInnerAddress(url: URL, service: URL, error: unknown): boolean {
  if (!(error instanceof ImageError) || error.code === 'cancelled' || url.origin === service.origin) return false;
  if (error.code === 'unreachable' || error.code === 'blocked_address') return true;
  // Another machine here may have the same address but not the image.
  return error.params.reason === 'HTTP 404' && (url.hostname === service.hostname || isPrivateNetwork(url.hostname));
}

function explainFailure({ code, params, message, cause }: ImageError): string {
  return serverProblem((cause ?? {}) as NodeJS.ErrnoException) ?? reasons[code] ?? String(params.reason ?? message);
}

/** What is wrong with a server, by the error of Node.js or undici. */
function serverProblem({ name, code }: NodeJS.ErrnoException): string | undefined {
  if (/CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/.test(code ?? ''))
    return `the certificate of its server is not trusted (${code})`;
  if (name === 'HTTPParserError')
    return 'what its server answered is not proper HTTP; an http request node with “Disable strict HTTP parsing” may read it';
  return undefined;
}

import { ImageError } from '../../errors.js';
import { toNumber } from '../../json.js';
import { downloadTimeout } from '../../limits.js';
import { collectBody } from './collect-body.js';
import type { Transport } from './transport.js';

/** How a file is fetched. */
export interface DownloadOptions {
  /** The connections for an address; asked again for every redirect. */
  transportFor(url: URL): Promise<Transport>;
  /** Most bytes. */
  cap: number;
  signal: AbortSignal;
}

const mostRedirects = 3;

/**
 * Fetches a file over http(s), once, following up to three redirects. Carries no key: it would leak, and storage hosts refuse it.
 *
 * @throws ImageError `download_failed` where the server refuses or the file is too large, `server_failed` where it fails for now,
 * and what the transport throws.
 */
export async function download(url: URL, options: DownloadOptions): Promise<Buffer> {
  let address = url;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const answer = await fetchOnce(address, options);
    if (Buffer.isBuffer(answer)) return answer;
    address = answer;
  }
  throw refused(`more than ${mostRedirects} redirects`);
}

/** The body, or the address that the answer redirects to. */
async function fetchOnce(url: URL, { transportFor, cap, signal }: DownloadOptions): Promise<Buffer | URL> {
  if (!/^https?:$/.test(url.protocol)) throw refused(`${url.protocol} is no web address`);
  const transport = await transportFor(url);
  return transport
    .exchange<Buffer | URL>(
      { url, method: 'GET', headers: {}, timeout: downloadTimeout },
      ({ status, headers }) => {
        const { location } = headers;
        if (status >= 300 && status < 400 && location !== undefined && URL.canParse(location, url.href)) {
          throw new Redirect(new URL(location, url.href));
        }
        if (status !== 200) throw status >= 500 || status === 429 ? busy(`HTTP ${status}`) : refused(`HTTP ${status}`);
        const tooLong = (): never => {
          throw refused(`over ${cap / 1e6} MB`);
        };
        return collectBody(cap, tooLong, toNumber(headers['content-length']));
      },
      signal,
    )
    .catch((error: unknown) => {
      if (error instanceof Redirect) return error.to;
      throw error;
    });
}

/** Ends an exchange whose answer only says where to go. */
class Redirect extends ImageError {
  readonly to: URL;

  constructor(to: URL) {
    super('download_failed', 'download_refused', { reason: 'redirect' });
    this.to = to;
  }
}

function refused(reason: string): ImageError {
  return new ImageError('download_failed', 'download_refused', { reason });
}

function busy(reason: string): ImageError {
  return new ImageError('server_failed', 'download_refused', { reason }, { charged: 'no' });
}

import { ImageError } from '../errors.js';
import { downloadTimeout, limits } from '../limits.js';
import { collect } from './collect.js';
import type { Transport } from './transport.js';

const mostRedirects = 3;

/**
 * Fetches a made picture. Never carries the account's key: the storage host would refuse it, and the key would leak.
 *
 * @throws ImageError `download_failed` where the address does not give a body of at most `limits.picture` bytes.
 */
export async function download(url: URL, transport: Transport, signal: AbortSignal): Promise<Buffer> {
  let address = url;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const answer = await fetchOnce(address, transport, signal);
    if (Buffer.isBuffer(answer)) return answer;
    address = answer;
  }
  throw failed(`more than ${mostRedirects} redirects`);
}

/** The body, or the address that the answer redirects to. */
async function fetchOnce(url: URL, transport: Transport, signal: AbortSignal): Promise<Buffer | URL> {
  if (!/^https?:$/.test(url.protocol)) throw failed(`${url.protocol} is no web address`);
  return transport.exchange<Buffer | URL>(
    { url, method: 'GET', headers: {}, timeout: downloadTimeout },
    ({ status, headers }) => {
      const location = headers.location;
      if (status >= 300 && status < 400 && location !== undefined && URL.canParse(location, url.href)) {
        return { write: () => undefined, end: () => new URL(location, url.href) };
      }
      if (status !== 200) throw failed(`HTTP ${status}`);
      return collect(limits.picture, () => {
        throw failed(`over ${limits.picture / 1e6} MB`);
      });
    },
    signal,
  );
}

function failed(reason: string): ImageError {
  return new ImageError('download_failed', 'download_refused', { reason });
}

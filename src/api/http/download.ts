import { ImageError } from '../../errors.js';
import { toNumber } from '../../json.js';
import { downloadTimeout } from '../../limits.js';
import { basicAuthorization, withoutCredentials } from './basic-auth.js';
import { collectBody } from './collect-body.js';
import type { Transport } from './transport.js';

/** How a file is fetched. */
export interface DownloadOptions {
  /** Gives the transport for a URL; called again for every redirect. */
  transportFor(url: URL): Transport;
  /** The Authorization header for a URL that answered 401; undefined = none. */
  authorize?: (url: URL) => string | undefined;
  /** The file has just been created, so it may not be there yet. */
  isFresh?: boolean;
  /** Most bytes. */
  cap: number;
  signal: AbortSignal;
}

const mostRedirects = 3;

/** Answers of storage that does not have a new file yet: S3 says 403 where it may not say 404. */
const notYet = [202, 204, 403, 404, 408, 409, 425];

/**
 * Downloads a file over http(s) once, following up to three redirects. A user and password in the URL are sent to that
 * origin only, and a key only where `authorize` gives it: otherwise it would leak, and storage hosts refuse it.
 *
 * @throws ImageError `download_failed` where the server refuses or the file is too large, `server_failed` where it
 * fails for now, and what the transport throws.
 */
export async function download(url: URL, options: DownloadOptions): Promise<Buffer> {
  const own = basicAuthorization(url);
  let address = withoutCredentials(url);
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const answer = await fetchAuthorized(address, address.origin === url.origin ? own : undefined, options);
    if (Buffer.isBuffer(answer)) return answer;
    address = withoutCredentials(answer);
  }
  throw refused(`more than ${mostRedirects} redirects`);
}

/** Sends the key only after a 401. */
async function fetchAuthorized(
  url: URL,
  authorization: string | undefined,
  options: DownloadOptions,
): Promise<Buffer | URL> {
  try {
    return await fetchOnce(url, authorization, options);
  } catch (error) {
    const wanted =
      error instanceof ImageError && error.details.status === 401 && authorization === undefined
        ? options.authorize?.(url)
        : undefined;
    if (wanted === undefined) throw error;
    return fetchOnce(url, wanted, options);
  }
}

/** The body, or the URL that the answer redirects to. */
async function fetchOnce(
  url: URL,
  authorization: string | undefined,
  { transportFor, isFresh = false, cap, signal }: DownloadOptions,
): Promise<Buffer | URL> {
  if (!/^https?:$/.test(url.protocol)) throw refused(`${url.protocol} is no web address`);
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  return transportFor(url)
    .exchange<Buffer | URL>(
      { url, method: 'GET', headers, timeout: downloadTimeout },
      ({ status, headers }) => {
        const { location } = headers;
        if (status >= 300 && status < 400 && location !== undefined && URL.canParse(location, url.href)) {
          throw new Redirect(new URL(location, url.href));
        }
        const passes = status >= 500 || status === 429 || (isFresh && notYet.includes(status));
        if (passes || !holdsFile(status)) throw passes ? busy(status) : refused(`HTTP ${status}`, status);
        const tooLong = (): never => {
          throw refused(`over ${cap / 1e6} MB`);
        };
        return collectBody(cap, tooLong, toNumber(headers['content-length']));
      },
      signal,
    )
    .then((answer) => {
      if (isFresh && Buffer.isBuffer(answer) && answer.length === 0) throw busy(204);
      return answer;
    })
    .catch((error: unknown) => {
      if (error instanceof Redirect) return error.to;
      throw error;
    });
}

/** Whether an answer has the file as its body: also from a proxy (203), or in the one part that there is (206). */
function holdsFile(status: number): boolean {
  return status >= 200 && status < 300 && status !== 202 && status !== 204;
}

/** Ends an exchange whose answer is a redirect. */
class Redirect extends ImageError {
  readonly to: URL;

  constructor(to: URL) {
    super('download_failed', 'download_refused', { reason: 'redirect' });
    this.to = to;
  }
}

function refused(reason: string, status?: number): ImageError {
  return new ImageError('download_failed', 'download_refused', { reason }, status === undefined ? {} : { status });
}

function busy(status: number): ImageError {
  return new ImageError('server_failed', 'download_refused', { reason: `HTTP ${status}` }, { charged: 'no', status });
}

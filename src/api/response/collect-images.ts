import { readMessage } from '../../error-message.js';
import { defined } from '../../defined.js';
import { ImageError } from '../../errors.js';
import type { GeneratedImage, Warning } from '../../generation.js';
import { ownMemory, readHeader } from '../../image/data-url.js';
import { inspect } from '../../image/inspect.js';
import { uprightSize } from '../../image/orientation.js';
import { isImageFile } from '../../image/signature.js';
import { warning } from '../../warning.js';
import { DownloadBudget } from './download-budget.js';
import { readExpiry } from './expiry.js';
import { sniffLength, startsImage } from './image-start.js';
import type { ImageEntry } from './read-entries.js';

/** The usable images of a response, in order, and a warning for each kind of loss. */
export interface CollectedImages {
  images: GeneratedImage[];
  warnings: Warning[];
}

/** What reading the entries of a response needs. */
export interface CollectOptions {
  /** The bytes at an address. */
  fetchImage(url: string): Promise<Buffer>;
  /** What an entry holds instead of an image, as an error; undefined where it holds nothing. */
  readRefusal(error: object): ImageError | undefined;
  signal: AbortSignal;
}

/** Concurrent downloads. */
const maxDownloads = 4;

/** URLs in one message. */
const maxNamed = 5;

/**
 * Turns the entries of a response into images; URLs are downloaded by `fetchImage`, four at a time, as long as all
 * images together stay under the cap.
 *
 * @throws ImageError `download_failed`, whose `urls` hold every address, or `bad_response` where there is no usable
 * image at all; `signal.reason` when aborted.
 */
export async function collectImages(entries: ImageEntry[], options: CollectOptions): Promise<CollectedImages> {
  const outcomes = await readAll(entries, options);
  const { signal } = options;
  // The service has answered, so a request that is cancelled now may have been paid for.
  if (signal.aborted)
    throw signal.reason instanceof ImageError ? signal.reason.with({ charged: 'unknown' }) : signal.reason;
  const collected = outcomes.flatMap((outcome) => (outcome instanceof ImageError ? [] : [outcome]));
  const images = collected.flatMap((outcome) => outcome.images);
  const failures = outcomes.filter((outcome) => outcome instanceof ImageError);
  if (images.length === 0) throw nothingUsable(entries, failures);
  return {
    images,
    warnings: [
      ...distinct(
        failures.filter(({ key }) => key !== 'download_refused').map((error) => warning(error.key, error.params)),
      ),
      ...warnOfUndownloaded(entries, outcomes),
      ...distinct(collected.flatMap(({ warnings }) => warnings)),
    ],
  };
}

/** Warns of images that were paid for and not downloaded, by reason, with their URLs. */
function warnOfUndownloaded(entries: ImageEntry[], outcomes: (CollectedImages | ImageError)[]): Warning[] {
  const addresses = new Map<string, string[]>();
  for (const [index, { url }] of entries.entries()) {
    const outcome = outcomes[index];
    if (url === undefined || !(outcome instanceof ImageError)) continue;
    const reason = String(outcome.params.reason ?? outcome.message);
    addresses.set(reason, [...(addresses.get(reason) ?? []), url].slice(0, maxNamed));
  }
  return [...addresses].map(([reason, urls]) =>
    warning('images_not_downloaded', { reason, addresses: urls.join(' ') }),
  );
}

/** The outcome of each entry, in their order. */
async function readAll(
  entries: ImageEntry[],
  { fetchImage, readRefusal, signal }: CollectOptions,
): Promise<(CollectedImages | ImageError)[]> {
  const outcomes: (CollectedImages | ImageError)[] = [];
  const budget = new DownloadBudget();
  const elsewhere: { index: number; entry: ImageEntry; url: string }[] = [];
  for (const [index, entry] of entries.entries()) {
    const { bytes, url, error = {} } = entry;
    if (bytes) {
      budget.count(bytes);
      outcomes[index] = readImage(entry, bytes);
    } else if (url === undefined) outcomes[index] = readRefusal(error) ?? new ImageError('bad_response', 'empty_entry');
    else elsewhere.push({ index, entry, url });
  }
  const work = async (): Promise<void> => {
    for (let next = elsewhere.shift(); next && !signal.aborted; next = elsewhere.shift()) {
      const { index, entry, url } = next;
      outcomes[index] = await budget
        .fetch(() => fetchImage(url))
        .then((bytes) => readImage(entry, bytes))
        .catch(asImageError);
    }
  };
  if (elsewhere.length > 0) await Promise.all(Array.from({ length: Math.min(maxDownloads, elsewhere.length) }, work));
  return outcomes;
}

function readImage(entry: ImageEntry, received: Buffer): CollectedImages | ImageError {
  const bytes = ownMemory(decodeAgain(received));
  const header = inspect(bytes);
  if (!header && !mayBeImage(bytes)) return notAnImage(entry);
  const { mime = entry.mime ?? 'application/octet-stream', extension = 'bin' } = header ?? {};
  const image: GeneratedImage = {
    bytes,
    mime,
    extension,
    ...(header && uprightSize(header)),
    ...defined({
      url: entry.url,
      revisedPrompt: entry.revisedPrompt,
      expires: entry.url === undefined ? undefined : readExpiry(entry.url),
    }),
  };
  const problem = header ? (header.complete ? undefined : 'image_cut') : 'image_unknown';
  return { images: [image], warnings: problem ? [warning(problem)] : [] };
}

/** A larger text would hold the thread. */
const longestText = 8_000_000;

/** Some servers encode an image twice, or store its text in the place of its bytes. */
function decodeAgain(bytes: Buffer): Buffer {
  const isText =
    bytes.length <= longestText && bytes[0] !== tagOpen && startsImage(bytes.subarray(0, sniffLength), false);
  if (!isText) return bytes;
  const text = bytes.toString('latin1');
  return Buffer.from(text.slice(readHeader(text)?.start), 'base64');
}

/** The first byte of an SVG. */
const tagOpen = 0x3c;

/** Fewer bytes of no known format are no image. */
const minUnknown = 64;

/** An error page or JSON instead of an image is text; anything else may be an unknown format. */
function mayBeImage(bytes: Buffer): boolean {
  if (isImageFile(bytes)) return true;
  const start = bytes.toString('latin1', 0, 1024);
  return bytes.length >= minUnknown && /[\x00-\x08\x0e-\x1f\x7f-\xff]/.test(start) && !/^\s*[<{[]/.test(start);
}

function notAnImage({ url }: ImageEntry): ImageError {
  return url === undefined
    ? new ImageError('bad_response', 'made_no_image')
    : new ImageError('download_failed', 'download_refused', { reason: 'there is no image at its address' });
}

function asImageError(error: unknown): ImageError {
  if (error instanceof ImageError) return error;
  return new ImageError('download_failed', 'download_refused', { reason: readMessage(error) }, { cause: error });
}

function nothingUsable(entries: ImageEntry[], failures: ImageError[]): ImageError {
  const lost = entries.some(({ url }) => url !== undefined)
    ? failures.find(({ code }) => code !== 'bad_response')
    : undefined;
  if (!lost)
    return (
      failures.find(({ key }) => key !== 'empty_entry') ?? failures[0] ?? new ImageError('bad_response', 'no_images')
    );
  const urls = entries.flatMap(({ url }) => url ?? []);
  return new ImageError(
    'download_failed',
    'download_failed',
    { reason: lost.params.reason ?? lost.message },
    { urls, cause: lost },
  );
}

/** One warning of each kind: a thousand losses of one kind are reported once. */
function distinct(warnings: Warning[]): Warning[] {
  return [...new Map(warnings.map((one) => [one.message, one])).values()];
}

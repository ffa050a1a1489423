import { ImageError } from '../../errors.js';
import type { GeneratedImage, Warning } from '../../generation.js';
import { ownMemory } from '../../image/data-url.js';
import { inspect } from '../../image/inspect.js';
import { uprightSize } from '../../image/orientation.js';
import type { ImageEntry } from './image-response.js';
import { warning } from '../../warning.js';

/** The images of an answer that could be had, in its order, and a warning for each that could not. */
export interface CollectedImages {
  images: GeneratedImage[];
  warnings: Warning[];
}

/**
 * Turns the entries of an answer into images; those that are addresses are fetched by `fetchImage`, all at once.
 *
 * @throws ImageError `download_failed` or `bad_response` where there is no usable image at all; `signal.reason` when aborted.
 */
export async function collectImages(
  items: ImageEntry[],
  fetchImage: (url: string) => Promise<Buffer>,
  signal: AbortSignal,
): Promise<CollectedImages> {
  const outcomes = await Promise.allSettled(items.map((item) => image(item, fetchImage)));
  // The service had answered: whatever is stopped now may have been paid for.
  if (signal.aborted)
    throw signal.reason instanceof ImageError ? signal.reason.with({ charged: 'unknown' }) : signal.reason;
  const images = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as ImageError] : []));
  if (images.length > 0) return { images, warnings: failures.map((error) => warning(error.key, error.params)) };
  throw nothingUsable(items, failures);
}

async function image(item: ImageEntry, fetchImage: (url: string) => Promise<Buffer>): Promise<GeneratedImage> {
  if (item.bytes === undefined && item.url === undefined) throw new ImageError('bad_response', 'empty_entry');
  const bytes = ownMemory(item.bytes ?? (await fetchImage(item.url!)));
  const header = inspect(bytes);
  if (!header) throw new ImageError('bad_response', 'made_no_image');
  const { mime, extension } = header;
  return {
    bytes,
    mime,
    extension,
    ...uprightSize(header),
    ...(item.url !== undefined && { url: item.url, ...expiry(item.url) }),
    ...(item.revisedPrompt !== undefined && { revisedPrompt: item.revisedPrompt }),
  };
}

function nothingUsable(items: ImageEntry[], failures: ImageError[]): ImageError {
  const lost = failures.find((error) => error.code !== 'bad_response');
  if (!lost) return failures[0] ?? new ImageError('bad_response', 'no_images');
  const urls = items.flatMap(({ url }) => url ?? []);
  return new ImageError(
    'download_failed',
    'download_failed',
    { reason: lost.params.reason ?? lost.message },
    { urls, cause: lost },
  );
}

/** Until when a signed address works, from its `X-Amz-Date` and `X-Amz-Expires` (AWS Signature Version 4, query parameters). */
function expiry(url: string): { expires?: string } {
  // Some servers give only the path.
  if (!URL.canParse(url)) return {};
  const { searchParams } = new URL(url);
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(searchParams.get('X-Amz-Date') ?? '');
  const seconds = Number(searchParams.get('X-Amz-Expires') ?? NaN);
  if (!date || !Number.isFinite(seconds)) return {};
  const [, year, month, day, hour, minute, second] = date.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const end = new Date(Date.UTC(year, month - 1, day, hour, minute, second) + seconds * 1000);
  return Number.isNaN(end.getTime()) ? {} : { expires: end.toISOString() };
}

import { ImageError } from '../../errors.js';
import type { MadePicture, Warning } from '../../generation.js';
import { ownMemory } from '../../image/data-url.js';
import { inspect } from '../../image/inspect.js';
import type { AnswerItem } from './image-response.js';
import { warning } from '../../warning.js';

/** The pictures of an answer that could be had, in its order, and a warning for each that could not. */
export interface Gathered {
  pictures: MadePicture[];
  warnings: Warning[];
}

/**
 * Turns the entries of an answer into pictures; those that are addresses are fetched by `fetchPicture`, all at once.
 *
 * @throws ImageError `download_failed` or `bad_response` where there is no usable picture at all; `signal.reason` when aborted.
 */
export async function gather(items: AnswerItem[], fetchPicture: (url: string) => Promise<Buffer>, signal: AbortSignal): Promise<Gathered> {
  const outcomes = await Promise.allSettled(items.map((item) => picture(item, fetchPicture)));
  // The service had answered: whatever is stopped now may have been paid for.
  if (signal.aborted) throw signal.reason instanceof ImageError ? signal.reason.with({ charged: 'unknown' }) : signal.reason;
  const pictures = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as ImageError] : []));
  if (pictures.length > 0) return { pictures, warnings: failures.map((error) => warning(error.key, error.params)) };
  throw nothingUsable(items, failures);
}

async function picture(item: AnswerItem, fetchPicture: (url: string) => Promise<Buffer>): Promise<MadePicture> {
  if (item.bytes === undefined && item.url === undefined) throw new ImageError('bad_response', 'empty_entry');
  const bytes = ownMemory(item.bytes ?? (await fetchPicture(item.url!)));
  const header = inspect(bytes);
  if (!header) throw new ImageError('bad_response', 'made_no_picture');
  const { mime, extension, width, height } = header;
  return {
    bytes,
    mime,
    extension,
    width,
    height,
    ...(item.url !== undefined && { url: item.url, ...expiry(item.url) }),
    ...(item.revisedPrompt !== undefined && { revisedPrompt: item.revisedPrompt }),
  };
}

function nothingUsable(items: AnswerItem[], failures: ImageError[]): ImageError {
  const lost = failures.find((error) => error.code !== 'bad_response');
  if (!lost) return failures[0] ?? new ImageError('bad_response', 'no_pictures');
  const urls = items.flatMap(({ url }) => url ?? []);
  return new ImageError('download_failed', 'download_failed', { reason: lost.params.reason ?? lost.message }, { urls, cause: lost });
}

/** Until when a signed address works, from its `X-Amz-Date` and `X-Amz-Expires` (AWS Signature Version 4, query parameters). */
function expiry(url: string): { expires?: string } {
  // Some servers give only the path.
  if (!URL.canParse(url)) return {};
  const { searchParams } = new URL(url);
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(searchParams.get('X-Amz-Date') ?? '');
  const seconds = Number(searchParams.get('X-Amz-Expires') ?? NaN);
  if (!date || !Number.isFinite(seconds)) return {};
  const [, year, month, day, hour, minute, second] = date.map(Number) as [number, number, number, number, number, number, number];
  const end = new Date(Date.UTC(year, month - 1, day, hour, minute, second) + seconds * 1000);
  return Number.isNaN(end.getTime()) ? {} : { expires: end.toISOString() };
}

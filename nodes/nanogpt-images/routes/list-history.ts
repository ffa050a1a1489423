import { isObject, parseJson, toNumber } from '../../../src/json.js';
import type { HistoryList, ListedItem } from '../../shared/route-answers.js';
import { type AdminRequest, NotFound } from './admin-request.js';
import { type ImageSource, listImageSources } from './list-histories.js';

/** Images in one answer, at least and at most: the editor asks for more when a person wants more. */
const pageSizes = { min: 24, max: 240 };

/** The characters of a prompt in a list. */
const promptLength = 500;

/** The last image of each source on the pages before, by the source's name. */
type Cursor = Record<string, string>;

/**
 * What the history of all accounts holds, the newest first: `?search=` in the prompts, `?limit=`, and `?after=` with
 * what the page before gave as `next`. No `next` where nothing follows.
 */
export async function listHistory({ RED, params }: AdminRequest): Promise<HistoryList> {
  const limit = Math.min(Math.max(toNumber(params.limit) ?? 0, pageSizes.min), pageSizes.max);
  const cursor = readCursor(params.after);
  const search = (params.search ?? '').trim();
  const lists = await Promise.all(
    // One more than wanted, to know whether anything follows.
    (await listImageSources(RED)).map((source) => listItems(source, cursor, { limit: limit + 1, search })),
  );
  const found = lists.flat().sort((one, other) => other.item.time - one.item.time);
  const shown = found.slice(0, limit);
  const next = { ...cursor, ...Object.fromEntries(shown.map(({ name, item }) => [name, item.id])) };
  const items = shown.map(({ item }) => shorten(item));
  return { items, ...(found.length > limit && { next: JSON.stringify(next) }) };
}

/**
 * What is known of one image.
 *
 * @throws NotFound where it no longer exists.
 */
export async function findItem({ RED, params }: AdminRequest): Promise<ListedItem> {
  for (const { account, images } of await listImageSources(RED)) {
    const item = await images.describe(params.id ?? '').catch(() => undefined);
    if (item) return { ...item, account };
  }
  throw new NotFound();
}

async function listItems(
  { account, name, images }: ImageSource,
  cursor: Cursor,
  page: { limit: number; search: string },
): Promise<{ name: string; item: ListedItem }[]> {
  const before = cursor[name];
  // Without Redis the histories here are all that there is.
  const items = await images.list({ ...page, ...(before !== undefined && { before }) }).catch(() => []);
  return items.map((item) => ({ name, item: { ...item, account } }));
}

function readCursor(text = ''): Cursor {
  const cursor = parseJson(text);
  if (!isObject(cursor)) return {};
  const ids = Object.entries(cursor).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(ids);
}

function shorten(item: ListedItem): ListedItem {
  return { ...item, prompt: item.prompt.slice(0, promptLength) };
}

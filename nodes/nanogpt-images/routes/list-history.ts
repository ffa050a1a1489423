import type { HistoryItem } from '../../../src/history/history-item.js';
import { isObject, parseJson, toNumber } from '../../../src/json.js';
import { type AdminRequest, NotFound } from './admin-request.js';
import { type AccountHistory, listHistories } from './list-histories.js';

/** Images in one answer, at least and at most: the editor asks for more when a person wants more. */
const pageSizes = { least: 24, most: 240 };

/** The characters of a prompt in a list. */
const promptLength = 500;

/** An image of the history with the id of its account. */
export type ListedItem = HistoryItem & { account: string };

/** The last image of each account on the pages before, by the account's id. */
type Cursor = Record<string, string>;

/**
 * What the history of all accounts holds, the newest first: `?search=` in the prompts, `?limit=`, and `?after=` with what the page
 * before gave as `next`. No `next` where nothing follows.
 */
export async function listHistory({ RED, params }: AdminRequest): Promise<object> {
  const limit = Math.min(Math.max(toNumber(params.limit) ?? 0, pageSizes.least), pageSizes.most);
  const cursor = readCursor(params.after);
  const search = (params.search ?? '').trim();
  const lists = await Promise.all(
    // One more than wanted, to know whether anything follows.
    (await listHistories(RED)).map((history) => listItems(history, cursor, { limit: limit + 1, search })),
  );
  const found = lists.flat().sort((one, other) => other.time - one.time);
  const items = found.slice(0, limit);
  const next = { ...cursor, ...Object.fromEntries(items.map(({ account, id }) => [account, id])) };
  return { items: items.map(shorten), ...(found.length > limit && { next: JSON.stringify(next) }) };
}

/**
 * What is known of one image.
 *
 * @throws NotFound where it no longer exists.
 */
export async function findItem({ RED, params }: AdminRequest): Promise<object> {
  for (const { id: account, history } of await listHistories(RED)) {
    const item = await history.describe(params.id ?? '');
    if (item) return { ...item, account };
  }
  throw new NotFound();
}

async function listItems(
  { id: account, history }: AccountHistory,
  cursor: Cursor,
  page: { limit: number; search: string },
): Promise<ListedItem[]> {
  const before = cursor[account];
  const items = await history.list({ ...page, ...(before !== undefined && { before }) });
  return items.map((item) => ({ ...item, account }));
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

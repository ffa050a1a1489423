import type { NodeAPI } from 'node-red';
import type { HistoryItem } from '../../../src/history/history-item.js';
import { type AdminRequest, NotFound } from './admin-request.js';
import { openAccounts } from './open-accounts.js';
import { newestPreviews } from '../publish-ticks.js';

/** Images in one answer, and the characters of a prompt in it: the editor asks for more when a person wants more. */
const pageSize = 24;
const promptLength = 500;

/** Images of one account that are searched. */
const mostItems = 2000;

/** An image of the history with the id of its account. */
export type ListedItem = HistoryItem & { account: string };

/** What the history of all accounts holds, the newest first: `?search=` in the prompts, `?before=` the id of the last image that is known. */
export async function listHistory({ RED, params }: AdminRequest): Promise<object> {
  const search = (params.search ?? '').trim().toLowerCase();
  const found = (await listItems(RED)).filter(({ prompt }) => prompt.toLowerCase().includes(search));
  const start = params.before === undefined ? 0 : found.findIndex(({ id }) => id === params.before) + 1;
  const items = found.slice(start, start + pageSize).map(shorten);
  return { items, hasMore: found.length > start + pageSize };
}

/** The newest image of every node and subflow instance that has made one since Node-RED started. */
export async function listPreviews(): Promise<object> {
  return { previews: newestPreviews() };
}

/**
 * What is known of one image.
 *
 * @throws NotFound where it is no longer kept.
 */
export async function findItem({ RED, params }: AdminRequest): Promise<object> {
  const item = (await listItems(RED)).find(({ id }) => id === params.id);
  if (!item) throw new NotFound();
  return item;
}

/** All images of all accounts, the newest first. */
export async function listItems(RED: NodeAPI): Promise<ListedItem[]> {
  const accounts = await openAccounts(RED);
  const lists = await Promise.all(
    accounts.map(async ({ node, account }) =>
      (await account.history.list({ limit: mostItems })).map((item) => ({ ...item, account: node.id })),
    ),
  );
  return lists.flat().sort((one, other) => other.time - one.time);
}

function shorten(item: ListedItem): ListedItem {
  return { ...item, prompt: item.prompt.slice(0, promptLength) };
}

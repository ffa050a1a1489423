import type { NodeAPI } from 'node-red';
import type { Account } from '../../src/account/account.js';
import { defined } from '../../src/defined.js';
import { ImageError } from '../../src/errors.js';
import type { HistoryItem } from '../../src/history/history-item.js';
import { toNumber } from '../../src/json.js';
import type { Message } from '../shared/message.js';
import { type NanogptInfoConfig, defaults, limitRange } from './config.js';

/** The newest images of the account: a message each, or one message with a list of them. */
export async function listHistory(
  RED: NodeAPI,
  saved: Partial<NanogptInfoConfig>,
  { history }: Account,
  msg: Message,
): Promise<Message[]> {
  const config = { ...defaults, ...saved };
  const items = await history.list({ limit: readLimit(config) });
  if (String(config.listOnly) === 'true') return [{ ...msg, payload: items.map(toMessageProperties) }];
  const images = await Promise.all(items.map(async (item) => ({ item, found: await history.get(item.id) })));
  // Images may leave the history at any time.
  const there = images.flatMap(({ item, found }) => (found ? [{ item, bytes: found.bytes }] : []));
  const id = RED.util.generateId();
  return there.map(({ item, bytes }, index) => ({
    ...msg,
    // A copy: flows may change what they get.
    payload: Buffer.from(Uint8Array.from(bytes).buffer),
    ...toMessageProperties(item),
    parts: { id, type: 'array', len: 1, index, count: there.length, ...defined({ parts: msg.parts }) },
  }));
}

/** In the properties that an image node sets. */
function toMessageProperties(item: HistoryItem): { imageInfo: object; generation: object } {
  const { mime, extension, width, height, bytes, index, count, filename, cost, revisedPrompt } = item;
  const { id, time, nodeId, prompt, model, mode, size, seed, currency } = item;
  return {
    imageInfo: { mime, extension, width, height, bytes, index, count, filename, ...defined({ cost, revisedPrompt }) },
    generation: { id, time, prompt, mode, ...defined({ nodeId, model, size, seed, currency }) },
  };
}

/** @throws ImageError `invalid_input` where the limit is none. */
function readLimit({ limit }: NanogptInfoConfig): number {
  const { least, most } = limitRange;
  const number = toNumber(String(limit).trim() === '' ? defaults.limit : limit);
  if (number !== undefined && Number.isInteger(number) && number >= least && number <= most) return number;
  throw new ImageError('invalid_input', 'bad_whole_range', { field: 'limit', least, most, found: String(limit) });
}

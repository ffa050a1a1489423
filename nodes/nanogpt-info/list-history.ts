import type { NodeAPI } from 'node-red';
import type { Account } from '../../src/account/account.js';
import { defined } from '../../src/defined.js';
import { ImageError } from '../../src/errors.js';
import { copyBytes } from '../../src/history/copy-bytes.js';
import type { History } from '../../src/history/history.js';
import type { HistoryItem } from '../../src/history/history-item.js';
import { isOn, toNumber } from '../../src/json.js';
import { warning } from '../../src/warning.js';
import type { Message, Outcome } from '../shared/message.js';
import type { Translate } from '../shared/on-message.js';
import { type NanogptInfoConfig, defaults, limitRange } from './config.js';
import { withDefaults } from '../shared/with-defaults.js';

/** The most bytes of images that are sent at once. */
const maxBytes = 64_000_000;

/** The node, its settings and its account. */
export interface HistoryNode {
  RED: NodeAPI;
  saved: Partial<NanogptInfoConfig>;
  account: Account;
  translate: Translate;
}

/** The newest images of the account: one message per image, or one message with a list. */
export async function listHistory(
  { RED, saved, account: { history }, translate }: HistoryNode,
  msg: Message,
): Promise<Outcome> {
  const config = withDefaults(defaults, saved);
  const items = await history.list({ limit: readLimit(config) });
  if (isOn(config.listOnly)) return answer(RED, [{ ...msg, payload: items.map(toMessageProperties) }], items.length);
  const { images, isCut } = await readImages(history, items);
  const id = RED.util.generateId();
  const messages = images.map(({ item, bytes }, index) => ({
    ...msg,
    payload: bytes,
    ...toMessageProperties(item),
    parts: { id, type: 'array', len: 1, index, count: images.length, ...defined({ parts: msg.parts }) },
  }));
  const cut = warning('history_cut', { sent: images.length, found: items.length, megabytes: maxBytes / 1e6 });
  return { ...answer(RED, messages, images.length), warnings: isCut ? [translate(cut)] : [] };
}

function answer(RED: NodeAPI, messages: Message[], count: number): Outcome {
  return { messages, warnings: [], summary: RED._('status.images', { count }) };
}

/** Copies of the images, since flows may change what they get, as far as they fit. */
async function readImages(
  history: History,
  items: HistoryItem[],
): Promise<{ images: { item: HistoryItem; bytes: Buffer }[]; isCut: boolean }> {
  const images: { item: HistoryItem; bytes: Buffer }[] = [];
  let room = maxBytes;
  for (const { id } of items) {
    const found = await history.get(id);
    // Images may be dropped from the history at any time.
    if (!found) continue;
    room -= found.bytes.length;
    if (room < 0) return { images, isCut: true };
    images.push({ item: found.item, bytes: copyBytes(found.bytes) });
  }
  return { images, isCut: false };
}

/** The properties that an image node sets. */
function toMessageProperties(item: HistoryItem): { imageInfo: object; generation: object } {
  const { mime, extension, width, height, bytes, index, count, filename, cost, revisedPrompt } = item;
  const { id, time, nodeId, prompt, model, mode, size, seed, currency } = item;
  return {
    imageInfo: { mime, extension, width, height, bytes, index, count, filename, ...defined({ cost, revisedPrompt }) },
    generation: { id, time, prompt, mode, ...defined({ nodeId, model, size, seed, currency }) },
  };
}

/** @throws ImageError `invalid_input` where the limit is invalid. */
function readLimit({ limit }: NanogptInfoConfig): number {
  const { min, max } = limitRange;
  const number = toNumber(String(limit).trim() === '' ? defaults.limit : limit);
  if (number !== undefined && Number.isInteger(number) && number >= min && number <= max) return number;
  throw new ImageError('invalid_input', 'bad_whole_range', { field: 'limit', min, max, found: String(limit) });
}

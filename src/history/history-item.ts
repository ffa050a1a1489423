import type { Service } from '../api/services.js';
import type { Mode } from '../generation.js';

/** What is known of an image in the history. */
export interface HistoryItem {
  id: string;
  /** When it was received, in milliseconds since the epoch. */
  time: number;
  /** The node that requested it; absent for a try in a dialog. */
  nodeId?: string;
  prompt: string;
  /** The requested model; absent = the service's default. */
  model?: string;
  mode: Mode;
  /** As requested. */
  size?: string;
  seed?: number;
  /** From the start of the request to its images, in milliseconds, waiting included. */
  durationMs?: number;
  /** The image's share of the request's cost, in `currency`. */
  cost?: number;
  currency?: string;
  /** Of the account that made it: the cost with the built-in service is play money. Absent in older histories. */
  service?: Service;
  bytes: number;
  mime: string;
  /** Without the dot. */
  extension: string;
  width?: number;
  height?: number;
  filename: string;
  revisedPrompt?: string;
  /** The request that it belongs to; the images of a request have `index` 0 to `count` - 1. */
  requestId: string;
  index: number;
  count: number;
  /** Equal for the same requests, so that they can be answered from the history. */
  digest?: string;
}

/** An image to be added to the history, with its bytes, which may change afterwards. */
export interface HistoryImage extends Omit<HistoryItem, 'id'> {
  content: Buffer;
}

/** Which part of the history to list. */
export interface HistoryPage {
  /** The most items. */
  limit: number;
  /** Only items older than the one with this id: the last of the page before. */
  before?: string;
  /** Only items whose prompt contains this text, in whatever case. */
  search?: string;
}

/** Whether a page with that search shows an item. */
export function matchesSearch({ prompt }: HistoryItem, search = ''): boolean {
  return prompt.toLowerCase().includes(search.toLowerCase());
}

/** Stores the images of a history. Never fails: what cannot be read counts as absent. */
export interface HistoryStore {
  /**
   * Copies the images of one request and keeps them; resolves with the first as soon as it is kept, with undefined
   * where it is not.
   */
  add(images: HistoryImage[]): Promise<HistoryItem | undefined>;
  /** The newest first. */
  list(page: HistoryPage): Promise<HistoryItem[]>;
  /** What is known of an image; undefined where it is gone. */
  describe(id: string): Promise<HistoryItem | undefined>;
  /** An image with its bytes; undefined where it no longer exists. */
  read(id: string): Promise<{ item: HistoryItem; content: Buffer } | undefined>;
  /** All images of the newest request with a digest since `since`; none where any is missing. */
  find(digest: string, since: number): Promise<HistoryItem[]>;
  clear(): Promise<void>;
}

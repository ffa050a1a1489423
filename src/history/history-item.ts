import type { Mode } from '../generation.js';

/** What is known of an image in the history. */
export interface HistoryItem {
  id: string;
  /** When it came, in milliseconds since the epoch. */
  time: number;
  /** The node that asked for it; absent where it was no node. */
  nodeId?: string;
  prompt: string;
  /** The model that was asked; absent = the service's default. */
  model?: string;
  mode: Mode;
  /** As it was asked for. */
  size?: string;
  seed?: number;
  /** From the start of the request to its images, in milliseconds, waiting included. */
  durationMs?: number;
  /** The image's share of the request's cost, in `currency`. */
  cost?: number;
  currency?: string;
  bytes: number;
  mime: string;
  /** Without the dot. */
  extension: string;
  width?: number;
  height?: number;
  filename: string;
  revisedPrompt?: string;
  /** Names the request that it came with; its images have `index` from 0 to `count` - 1. */
  requestId: string;
  index: number;
  count: number;
  /** Equal for requests that ask for the same, so that one can be answered from the history. */
  digest?: string;
}

/** An image on its way into the history, its bytes already a copy. */
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

/** Keeps the images of a history. Never fails: what the disk does not give is not there. */
export interface HistoryStore {
  /** Keeps the images of one request; resolves with the first as soon as it is kept, with undefined where it is not. */
  add(images: HistoryImage[]): Promise<HistoryItem | undefined>;
  /** The newest first. */
  list(page: HistoryPage): Promise<HistoryItem[]>;
  /** What is known of an image; undefined where it is gone. */
  describe(id: string): Promise<HistoryItem | undefined>;
  /** An image with its bytes; undefined where it is gone. */
  read(id: string): Promise<{ item: HistoryItem; content: Buffer } | undefined>;
  /** The images of the newest request with a digest that came at `since` or later, whole or not at all. */
  find(digest: string, since: number): Promise<HistoryItem[]>;
  clear(): Promise<void>;
}

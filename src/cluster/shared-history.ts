import { hostname } from 'node:os';
import { defined } from '../defined.js';
import type { GeneratedImage } from '../generation.js';
import type { History } from '../history/history.js';
import { type HistoryImage, type HistoryItem, type HistoryPage, matchesSearch } from '../history/history-item.js';
import { toGeneratedImage } from '../history/to-history-images.js';
import type { Member } from './member.js';
import { getBlob, nameDigest, nameOf, tryUnseal } from './sealed-request.js';

/** An image that an instance of the account has made, and the name of its host. */
export interface SharedItem extends HistoryItem {
  host: string;
}

/** The images of one request, as they are listed in Redis. */
interface MadeRequest {
  /** Of the process that keeps the images, and of its installation. */
  nonce: string;
  instance: string;
  /** Of the request, where it may answer others. */
  digest?: string;
  items: SharedItem[];
  /** The names of the blobs that hold the images, where they lie in Redis, too. */
  blobs: (string | undefined)[];
}

/** An entry is listed for at most so many days, and less where its history keeps images for less. */
const mostDays = 7;

/** The most entries that are remembered. */
const mostKnown = 1000;

/**
 * An index of what all instances of an account have made, with the newest images. What Redis does not have is in the
 * history of its maker.
 */
export class SharedHistory {
  readonly #member: Member;
  readonly #history: History;
  /** Entries that were read before, by their ids; none changes. */
  readonly #known = new Map<string, MadeRequest>();

  constructor(member: Member, history: History) {
    this.#member = member;
    this.#history = history;
  }

  /**
   * Lists the images of one request, whose blobs are still in use. Without Redis they are in the history of this
   * instance alone.
   */
  async share(images: HistoryImage[]): Promise<void> {
    const [first] = images;
    const member = this.#member;
    if (!first || !isReachable(member)) return;
    const { requestId: id, digest } = first;
    const blobs = images.map(({ content }) => nameOf(content));
    const items = images.map(({ content: _, digest: __, ...image }, index) => ({
      ...image,
      ...{ id: `shared/${id}/${index}`, host: hostname() },
    }));
    const made: MadeRequest = { nonce: member.nonce, instance: member.id, items, blobs, ...defined({ digest }) };
    const days = Math.min(this.#history.mostDays ?? mostDays, mostDays);
    await member.call('keep', {
      ...{ id, entry: member.cipher.sealJson(made, `made ${id}`), life: days * 86_400_000 },
      blobs: blobs.filter((name) => name !== undefined),
      ...defined({ digest: digest && nameDigest(member, digest) }),
    });
  }

  /** What other instances have made, the newest first. @throws where Redis does not answer. */
  async list({ limit, before, search }: HistoryPage): Promise<SharedItem[]> {
    const { redis, tag } = this.#member;
    const ids = await redis.zrevrange(`${tag}:made`, 0, -1);
    for (const id of this.#known.keys()) if (!ids.includes(id)) this.#known.delete(id);
    const items = (await this.#read(ids))
      .filter((made) => !this.#isHere(made))
      .flatMap((made) => made.items.toReversed())
      .sort((one, other) => other.time - one.time);
    const start = before === undefined ? 0 : items.findIndex(({ id }) => id === before) + 1;
    // All items older than one that is gone are gone, too.
    const older = before !== undefined && start === 0 ? [] : items.slice(start);
    return older.filter((item) => matchesSearch(item, search)).slice(0, limit);
  }

  /** What is known of an image; undefined where it is listed no longer. */
  async describe(id: string): Promise<SharedItem | undefined> {
    return (await this.#find(id))?.item;
  }

  /** An image as it was received; undefined where Redis does not have it. */
  async get(id: string): Promise<{ bytes: Buffer; item: SharedItem } | undefined> {
    const { item, blob } = (await this.#find(id)) ?? {};
    const bytes = blob === undefined ? undefined : await getBlob(this.#member, blob).catch(() => undefined);
    return item && bytes && { bytes, item };
  }

  /**
   * The images of the newest request with that digest within so many milliseconds; undefined where there is none, or
   * not all of it.
   */
  async find(digest: string, within: number): Promise<GeneratedImage[] | undefined> {
    const { redis, tag } = this.#member;
    const id = await redis.get(`${tag}:made:by:${nameDigest(this.#member, digest)}`);
    const [made] = id === null ? [] : await this.#read([id]);
    if (made?.digest !== digest || (made.items[0]?.time ?? 0) < Date.now() - within) return undefined;
    const found = await Promise.all(made.items.map((item) => this.get(item.id)));
    const images = found.flatMap((kept) => (kept ? [toGeneratedImage(kept.item, kept.bytes)] : []));
    return images.length === found.length ? images : undefined;
  }

  /**
   * Takes everything off the list, with the images in Redis; the histories stay. @throws where Redis does not answer.
   */
  async clear(): Promise<void> {
    this.#known.clear();
    await this.#member.call('forget_history', {});
  }

  /** Whether the history of this instance lists it itself, or has deleted it. */
  #isHere({ nonce, instance }: MadeRequest): boolean {
    const { nonce: ownNonce, id } = this.#member;
    return nonce === ownNonce || (instance === id && this.#history.isOnDisk);
  }

  async #find(id: string): Promise<{ item: SharedItem; blob: string | undefined } | undefined> {
    const [kind, requestId = '', index] = id.split('/');
    if (kind !== 'shared') return undefined;
    const [made] = await this.#read([requestId]);
    const item = made?.items[Number(index)];
    return item && { item, blob: made?.blobs[Number(index)] };
  }

  async #read(ids: string[]): Promise<MadeRequest[]> {
    const { redis, tag, cipher } = this.#member;
    if (this.#known.size > mostKnown) this.#known.clear();
    const unknown = ids.filter((id) => !this.#known.has(id));
    const sealed = unknown.length === 0 ? [] : await redis.mget(unknown.map((id) => `${tag}:made:${id}`));
    unknown.forEach((id, index) => {
      const made = tryUnseal(() => cipher.unsealJson(sealed[index] ?? '', `made ${id}`) as MadeRequest);
      if (made) this.#known.set(id, made);
    });
    return ids.flatMap((id) => this.#known.get(id) ?? []);
  }
}

function isReachable({ redis }: Member): boolean {
  return redis.status === 'ready';
}

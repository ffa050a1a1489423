import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { abortable } from '../../abortable.js';
import type { Clock } from '../../clock.js';
import { defined } from '../../defined.js';
import { ImageError } from '../../errors.js';
import { isObject, parseJson } from '../../json.js';
import { mergeDetails } from './merge-details.js';
import { type Price, type PriceQuery, priceRequest } from './price.js';
import { type Model, readEntry, readModels } from './read-models.js';
import type { SharedList } from './shared-list.js';
import { usualTiers } from './usual-tiers.js';

/** A list of models as the service gave it, and when (milliseconds since the epoch). */
interface List {
  asOf: number;
  source: string;
  entries: unknown[];
}

/** The page of one model, and how long it is not asked for again, in milliseconds. */
interface Details {
  asOf: number;
  keepFor: number;
  page: Promise<unknown>;
}

/** How long a list counts as fresh, in milliseconds. */
const freshFor = 24 * 3600_000;

/** The models to choose from, and why the list is not fresh, where it is not. */
export interface ModelListing {
  models: Model[];
  failure?: unknown;
}

/** How long to wait for the list, in milliseconds. */
const fetchTimeout = 15_000;

/** How long after a failure requests do not fetch the list again, in milliseconds. */
const retryPause = 5 * 60_000;

/** Where the list comes from, and where the last good one is kept. */
export interface ModelListOptions {
  /** The entries of the list as the service gives them now. */
  fetchList(signal: AbortSignal): Promise<unknown[]>;
  /** What a path of the service says of one model; absent = there are no such pages. */
  fetchDetails?(path: string, signal: AbortSignal): Promise<unknown>;
  /** The address of the list: a saved list from another one is not used. */
  source: string;
  /** Where the last good list is kept; absent = in memory only. */
  file?: string;
  /** Where other instances of the account keep the last good list, too; absent = nowhere. */
  shared?: SharedList;
  clock: Clock;
}

/**
 * The models of a service with their prices. Fetches them when they are needed, and keeps the last good list in case
 * the service does not answer.
 */
export class ModelList {
  readonly #options: ModelListOptions;
  #list: List | undefined;
  /** The reading of the saved list, shared by all callers. */
  #reading: Promise<void> | undefined;
  /** The fetch under way, shared by all callers. */
  #fetching: Promise<void> | undefined;
  #fetchedAt = -Infinity;
  /** Why the last fetch failed. */
  #failure: unknown;
  /** Pages of models by their path. */
  readonly #details = new Map<string, Details>();

  constructor(options: ModelListOptions) {
    this.#options = options;
  }

  /**
   * The models as the service lists them now.
   *
   * @throws ImageError where it does not answer.
   */
  async models(signal: AbortSignal): Promise<Model[]> {
    return readModels(await this.#fetch(signal));
  }

  /**
   * The models of the newest list available. Fetches even shortly after
   * a failure, since a person is choosing among them.
   *
   * @throws `signal.reason` when aborted.
   */
  async newest(signal: AbortSignal): Promise<ModelListing> {
    const list = await this.#newestList(signal, 0);
    return { models: list ? readModels(list.entries) : [], ...defined({ failure: this.#failure }) };
  }

  /**
   * The price of one image of a request in the newest list available, and how many images the model always makes.
   * Absent = unknown.
   *
   * @throws `signal.reason` when aborted.
   */
  async findPrice(
    model: string,
    query: PriceQuery,
    signal: AbortSignal,
  ): Promise<{ price?: Price; fixedImages?: number }> {
    const found = await this.findModel(model, signal);
    return defined({
      price: priceRequest(found?.pricing, { ...usualTiers(found), ...query }),
      fixedImages: found?.fixedImages,
    });
  }

  /**
   * All that can be known of a model, the page of its own included; undefined where it is not listed.
   *
   * @throws `signal.reason` when aborted.
   */
  async findModel(id: string, signal: AbortSignal): Promise<Model | undefined> {
    return this.#findIn(await this.#newestList(signal, retryPause), id, signal);
  }

  /**
   * The same as far as the last good list tells, however old: no request waits for a list that it can do without.
   *
   * @throws `signal.reason` when aborted.
   */
  async findKnownModel(id: string, signal: AbortSignal): Promise<Model | undefined> {
    await (this.#reading ??= this.#read());
    return this.#findIn(this.#list, id, signal);
  }

  /** What the last good list itself says of a model, however old it is; nothing is asked for. */
  async findListedModel(id: string): Promise<Model | undefined> {
    await (this.#reading ??= this.#read());
    const entry = findEntry(this.#list, id);
    return entry && readEntry(entry);
  }

  async #findIn(list: List | undefined, id: string, signal: AbortSignal): Promise<Model | undefined> {
    const entry = findEntry(list, id);
    if (!entry) return undefined;
    return readEntry(mergeDetails(entry, await this.#findDetails(entry.endpoints, signal)));
  }

  /** The page at an address that the list names, asked for once a day, or again after a pause where it did not come. */
  async #findDetails(address: unknown, signal: AbortSignal): Promise<unknown> {
    const path = typeof address === 'string' && /^\/(?!\/)[\w%./~:@-]+$/.test(address) ? address : undefined;
    if (path === undefined || !this.#options.fetchDetails) return undefined;
    const now = this.#options.clock.now();
    const known = this.#details.get(path);
    const page = known && isWithin(known.keepFor, known.asOf, now) ? known.page : this.#fetchDetails(path, now);
    return abortable(page, signal);
  }

  #fetchDetails(path: string, asOf: number): Promise<unknown> {
    const before = this.#details.get(path)?.page;
    const details: Details = { asOf, keepFor: freshFor, page: Promise.resolve(undefined) };
    details.page = this.#inTime((signal) => this.#options.fetchDetails!(path, signal)).catch(() => {
      details.keepFor = retryPause;
      return before;
    });
    this.#details.set(path, details);
    return details.page;
  }

  /** The list is not fetched again within `pause` milliseconds after a failure. */
  async #newestList(signal: AbortSignal, pause: number): Promise<List | undefined> {
    await (this.#reading ??= this.#read());
    const now = this.#options.clock.now();
    if (isWithin(freshFor, this.#list?.asOf ?? -Infinity, now) || isWithin(pause, this.#fetchedAt, now))
      return this.#list;
    this.#fetching ??= this.#refresh().finally(() => (this.#fetching = undefined));
    await abortable(this.#fetching, signal);
    return this.#list;
  }

  /** Never fails: without an answer the last good list stays. */
  async #refresh(): Promise<void> {
    if (await this.#takeShared()) return;
    await this.#inTime((signal) => this.#fetch(signal)).catch((error: unknown) => (this.#failure = error));
    this.#fetchedAt = this.#options.clock.now();
  }

  async #inTime<T>(fetch: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const [fetching, timer] = [new AbortController(), new AbortController()];
    this.#options.clock
      .sleep(fetchTimeout, timer.signal)
      .then(() => fetching.abort(new ImageError('timed_out', 'not_answered', { what: 'models' }, { charged: 'no' })))
      .catch(() => undefined);
    return fetch(fetching.signal).finally(() => timer.abort());
  }

  /** An empty list is an answer, but is not kept. */
  async #fetch(signal: AbortSignal): Promise<unknown[]> {
    const { fetchList, source, clock } = this.#options;
    const entries = await fetchList(signal);
    if (entries.some((entry) => isObject(entry) && readEntry(entry) !== undefined)) {
      this.#list = { asOf: clock.now(), source, entries };
      this.#failure = undefined;
      await this.#save(this.#list);
      this.#options.shared?.offer(this.#list).catch(() => undefined);
    }
    return entries;
  }

  /** False where no other instance has a fresh list. */
  async #takeShared(): Promise<boolean> {
    const { shared, source, clock } = this.#options;
    const list = readList(await shared?.take(), source);
    const now = clock.now();
    // The clocks of two machines differ a little.
    if (!list || !isWithin(freshFor, Math.min(list.asOf, now), now)) return false;
    this.#list = { ...list, asOf: Math.min(list.asOf, now) };
    this.#failure = undefined;
    await this.#save(this.#list);
    return true;
  }

  async #read(): Promise<void> {
    const { file, source } = this.#options;
    const saved = parseJson(file === undefined ? '' : await readFile(file, 'utf8').catch(() => ''));
    this.#list ??= readList(saved, source);
  }

  /** A lost file only costs another request. */
  async #save(list: List): Promise<void> {
    const { file } = this.#options;
    if (file === undefined) return;
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(`${file}.new`, JSON.stringify(list));
      await rename(`${file}.new`, file);
    } catch {
      // The next fetch tries again.
    }
  }
}

/** A list that was saved, if it comes from that address. */
function readList(saved: unknown, source: string): List | undefined {
  if (!isObject(saved) || saved.source !== source) return undefined;
  const { asOf, entries } = saved;
  return typeof asOf === 'number' && Array.isArray(entries) ? { asOf, source, entries } : undefined;
}

/** False also where the clock was set back since. */
function isWithin(duration: number, since: number, now: number): boolean {
  return now >= since && now - since < duration;
}

function findEntry(list: List | undefined, id: string): Record<string, unknown> | undefined {
  return list?.entries.find((entry): entry is Record<string, unknown> => isObject(entry) && entry.id === id);
}

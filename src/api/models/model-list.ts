import { abortable } from '../../abortable.js';
import type { Clock } from '../../clock.js';
import { defined } from '../../defined.js';
import { isObject } from '../../json.js';
import { fetchInTime, freshFor, isWithin, retryPause } from './freshness.js';
import { type List, readList, readListFile, writeListFile } from './list-file.js';
import { mergeDetails } from './merge-details.js';
import { ModelPages } from './model-pages.js';
import { type Price, type PriceQuery, priceRequest } from './price.js';
import { type Model, readEntry, readModels } from './read-models.js';
import type { SharedList } from './shared-list.js';
import { usualTiers } from './usual-tiers.js';

/** The models to choose from, and why the list is not fresh, where it is not. */
export interface ModelListing {
  models: Model[];
  failure?: unknown;
}

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
  readonly #pages: ModelPages | undefined;

  constructor(options: ModelListOptions) {
    this.#options = options;
    const { fetchDetails, clock } = options;
    this.#pages = fetchDetails && new ModelPages(fetchDetails, clock);
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
    return readEntry(mergeDetails(entry, await this.#pages?.find(entry.endpoints, signal)));
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
    await fetchInTime(this.#options.clock, (signal) => this.#fetch(signal)).catch(
      (error: unknown) => (this.#failure = error),
    );
    this.#fetchedAt = this.#options.clock.now();
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
    const saved = file === undefined ? undefined : await readListFile(file, source);
    this.#list ??= saved;
  }

  async #save(list: List): Promise<void> {
    const { file } = this.#options;
    if (file !== undefined) await writeListFile(file, list);
  }
}

function findEntry(list: List | undefined, id: string): Record<string, unknown> | undefined {
  return list?.entries.find((entry): entry is Record<string, unknown> => isObject(entry) && entry.id === id);
}

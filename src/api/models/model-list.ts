import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { abortable } from '../../abortable.js';
import type { Clock } from '../../clock.js';
import { defined } from '../../defined.js';
import { ImageError } from '../../errors.js';
import { isObject, parseJson } from '../../json.js';
import { type Price, type PriceQuery, priceRequest } from './price.js';
import { type Model, readEntry, readModels } from './read-models.js';

/** A list of models as the service gave it, and when (milliseconds since the epoch). */
interface List {
  asOf: number;
  source: string;
  entries: unknown[];
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

export interface ModelListOptions {
  /** The entries of the list as the service gives them now. */
  fetchList(signal: AbortSignal): Promise<unknown[]>;
  /** The address of the list: a saved list from another one is not used. */
  source: string;
  /** Where the last good list is kept; absent = in memory only. */
  file?: string;
  clock: Clock;
}

/** The models of a service with their prices. Fetches them when they are needed, and keeps the last good list in case the service does not
 * answer. */
export class ModelList {
  readonly #options: ModelListOptions;
  #list: List | undefined;
  #isRead = false;
  /** The fetch under way, shared by all callers. */
  #fetching: Promise<void> | undefined;
  #fetchedAt = -Infinity;
  /** Why the last fetch failed. */
  #failure: unknown;

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
   * The models of the newest list available. Fetches even shortly after a failure, since a person is choosing among them.
   *
   * @throws `signal.reason` when aborted.
   */
  async newest(signal: AbortSignal): Promise<ModelListing> {
    const list = await this.#newestList(signal, 0);
    return { models: list ? readModels(list.entries) : [], ...defined({ failure: this.#failure }) };
  }

  /**
   * The price of one image of a request in the newest list available, and how many images the model always makes. Absent = unknown.
   *
   * @throws `signal.reason` when aborted.
   */
  async findPrice(
    model: string,
    query: PriceQuery,
    signal: AbortSignal,
  ): Promise<{ price?: Price; fixedImages?: number }> {
    const found = this.#find((await this.#newestList(signal, retryPause))?.entries, model);
    return defined({ price: priceRequest(found?.pricing, query), fixedImages: found?.fixedImages });
  }

  #find(entries: unknown[] | undefined, id: string): Model | undefined {
    const entry = entries?.find((candidate) => isObject(candidate) && candidate.id === id);
    return isObject(entry) ? readEntry(entry) : undefined;
  }

  /** The list is not fetched again within `pause` milliseconds after a failure. */
  async #newestList(signal: AbortSignal, pause: number): Promise<List | undefined> {
    if (!this.#isRead) await this.#read();
    const now = this.#options.clock.now();
    if (isWithin(freshFor, this.#list?.asOf ?? -Infinity, now) || isWithin(pause, this.#fetchedAt, now))
      return this.#list;
    this.#fetching ??= this.#refresh().finally(() => (this.#fetching = undefined));
    await abortable(this.#fetching, signal);
    return this.#list;
  }

  /** Never fails: without an answer the last good list stays. */
  async #refresh(): Promise<void> {
    const { clock } = this.#options;
    const [fetching, timer] = [new AbortController(), new AbortController()];
    clock
      .sleep(fetchTimeout, timer.signal)
      .then(() => fetching.abort(new ImageError('timed_out', 'not_answered', { what: 'models' }, { charged: 'no' })))
      .catch(() => undefined);
    await this.#fetch(fetching.signal).catch((error: unknown) => (this.#failure = error));
    timer.abort();
    this.#fetchedAt = clock.now();
  }

  /** An empty list is an answer, but is not kept. */
  async #fetch(signal: AbortSignal): Promise<unknown[]> {
    const { fetchList, source, clock } = this.#options;
    const entries = await fetchList(signal);
    if (entries.some((entry) => isObject(entry) && readEntry(entry) !== undefined)) {
      this.#list = { asOf: clock.now(), source, entries };
      this.#failure = undefined;
      await this.#save(this.#list);
    }
    return entries;
  }

  async #read(): Promise<void> {
    const { file, source } = this.#options;
    const saved = parseJson(file === undefined ? '' : await readFile(file, 'utf8').catch(() => ''));
    if (isObject(saved) && saved.source === source && typeof saved.asOf === 'number' && Array.isArray(saved.entries)) {
      this.#list ??= { asOf: saved.asOf, source, entries: saved.entries };
    }
    this.#isRead = true;
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

/** False also where the clock was set back since. */
function isWithin(duration: number, since: number, now: number): boolean {
  return now >= since && now - since < duration;
}

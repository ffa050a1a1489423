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

/** How long a list counts as new, in milliseconds. */
const freshFor = 24 * 3600_000;

/** The models to choose from, and where they are not of today, why not. */
export interface ModelListing {
  models: Model[];
  failure?: unknown;
}

/** How long a person or a request waits for the list, in milliseconds. */
const fetchTimeout = 15_000;

/** How long after a failure no request asks for the list again, in milliseconds. */
const retryPause = 5 * 60_000;

export interface ModelListOptions {
  /** The entries of the list as the service gives them now. */
  fetchList(signal: AbortSignal): Promise<unknown[]>;
  /** The address it comes from: a list of another is not used. */
  source: string;
  /** Where the last good list is kept; absent = in memory only. */
  file?: string;
  clock: Clock;
}

/** The models of a service with their prices. Fetches them only when they are needed, and keeps the last good list for when the service does not answer. */
export class ModelList {
  readonly #options: ModelListOptions;
  #list: List | undefined;
  #isRead = false;
  /** The fetch under way, which everyone waits for. */
  #fetching: Promise<void> | undefined;
  #fetchedAt = -Infinity;
  /** Why the last fetch brought no list. */
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
   * The models of the newest list that can be had. A person who chooses among them does not wait out the pause that requests keep
   * after a failure.
   *
   * @throws `signal.reason` when aborted.
   */
  async newest(signal: AbortSignal): Promise<ModelListing> {
    const list = await this.#newestList(signal, 0);
    return { models: list ? readModels(list.entries) : [], ...defined({ failure: this.#failure }) };
  }

  /**
   * What the newest list that can be had says of a request's price: for one image, and how many images the model always makes.
   * Absent = unknown.
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

  /** A list without a model is an answer, but not kept. */
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

  /** Losing it costs a request, no more. */
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

/** Also where the clock was set back since. */
function isWithin(duration: number, since: number, now: number): boolean {
  return now >= since && now - since < duration;
}

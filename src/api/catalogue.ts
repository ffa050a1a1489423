import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../clock.js';
import { isObject, parseJson } from '../json.js';
import { type Model, readModels } from './models.js';
import { type Price, type Wanted, priceOf } from './price.js';

/** A list of models as the service gave it, and when (milliseconds since the epoch). */
interface List {
  asOf: number;
  source: string;
  body: Record<string, unknown>;
}

/** How long a list counts as new, in milliseconds. */
const freshFor = 24 * 3600_000;

export interface CatalogueTools {
  /** The list as the service gives it now. */
  fetchList(signal: AbortSignal): Promise<Record<string, unknown>>;
  /** The address it comes from: a list of another is not used. */
  source: string;
  /** Where the last good list is kept; absent = in memory only. */
  file?: string;
  clock: Clock;
}

/** The models of a service with their prices. Asks only when somebody wants to know, and keeps the last good list for when nobody answers. */
export class Catalogue {
  readonly #tools: CatalogueTools;
  #list: List | undefined;

  constructor(tools: CatalogueTools) {
    this.#tools = tools;
  }

  /**
   * The models as the service lists them now.
   *
   * @throws ImageError where it does not answer.
   */
  async models(signal: AbortSignal): Promise<Model[]> {
    return readModels((await this.#fetch(signal)).body);
  }

  /** One picture's price by the newest list that can be had; undefined = unknown. */
  async priceOf(model: string, wanted: Wanted, signal: AbortSignal): Promise<Price | undefined> {
    const data = (await this.#known(signal))?.body.data;
    const entry: unknown = Array.isArray(data) ? data.find((candidate) => isObject(candidate) && candidate.id === model) : undefined;
    return isObject(entry) ? priceOf(entry.pricing, wanted) : undefined;
  }

  async #known(signal: AbortSignal): Promise<List | undefined> {
    this.#list ??= await this.#read();
    if (this.#list && this.#tools.clock.now() - this.#list.asOf < freshFor) return this.#list;
    return this.#fetch(signal).catch(() => this.#list);
  }

  async #fetch(signal: AbortSignal): Promise<List> {
    const { fetchList, source, clock } = this.#tools;
    const body = await fetchList(signal);
    this.#list = { asOf: clock.now(), source, body };
    await this.#save(this.#list);
    return this.#list;
  }

  async #read(): Promise<List | undefined> {
    const { file, source } = this.#tools;
    const text = file === undefined ? '' : await readFile(file, 'utf8').catch(() => '');
    const saved = parseJson(text);
    if (!isObject(saved) || saved.source !== source || typeof saved.asOf !== 'number' || !isObject(saved.body)) return undefined;
    return { asOf: saved.asOf, source, body: saved.body };
  }

  /** Losing it costs a request, no more. */
  async #save(list: List): Promise<void> {
    const { file } = this.#tools;
    if (file === undefined) return;
    await mkdir(dirname(file), { recursive: true })
      .then(() => writeFile(`${file}.new`, JSON.stringify(list)))
      .then(() => rename(`${file}.new`, file))
      .catch(() => undefined);
  }
}

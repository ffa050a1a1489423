import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../clock.js';
import { defined } from '../../defined.js';
import { ImageError } from '../../errors.js';
import { isObject, parseJson } from '../../json.js';
import { abortable } from '../../abortable.js';
import { type Model, readModels } from './read-models.js';
import { type Price, type PriceQuery, priceRequest } from './price.js';

/** A list of models as the service gave it, and when (milliseconds since the epoch). */
interface List {
  asOf: number;
  source: string;
  body: Record<string, unknown>;
}

/** How long a list counts as new, in milliseconds. */
const freshFor = 24 * 3600_000;

/** What can be chosen from: the models, and where they are not of today, why not. */
export interface ModelListing {
  models: Model[];
  failure?: unknown;
}

/** How long somebody who wants a price or a model waits, and how long no price is asked for after that went wrong, in milliseconds. */
const patience = 15_000;
const pause = 5 * 60_000;

export interface ModelListOptions {
  /** The list as the service gives it now. */
  fetchList(signal: AbortSignal): Promise<Record<string, unknown>>;
  /** The address it comes from: a list of another is not used. */
  source: string;
  /** Where the last good list is kept; absent = in memory only. */
  file?: string;
  clock: Clock;
}

/** The models of a service with their prices. Asks only when somebody wants to know, and keeps the last good list for when nobody answers. */
export class ModelList {
  readonly #tools: ModelListOptions;
  #list: List | undefined;
  #isRead = false;
  /** The one question that all who want a price wait for. */
  #asking: Promise<void> | undefined;
  #asked = -Infinity;
  /** Why the last question brought no list. */
  #failure: unknown;

  constructor(tools: ModelListOptions) {
    this.#tools = tools;
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
   * The models of the newest list that can be had. Who chooses among them is not put off as a request is: where nobody answered, the
   * service is asked again.
   *
   * @throws `signal.reason` when aborted.
   */
  async newest(signal: AbortSignal): Promise<ModelListing> {
    const list = await this.#known(signal, 0);
    return {
      models: list ? readModels(list.body) : [],
      ...(this.#failure !== undefined && { failure: this.#failure }),
    };
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
    const data = (await this.#known(signal, pause))?.body.data;
    const entry: unknown = Array.isArray(data)
      ? data.find((candidate) => isObject(candidate) && candidate.id === model)
      : undefined;
    const [found] = readModels({ data: [entry] });
    return defined({ price: priceRequest(found?.pricing, query), fixedImages: found?.fixedImages });
  }

  /** Nobody asks again within `rest` milliseconds after that went wrong. */
  async #known(signal: AbortSignal, rest: number): Promise<List | undefined> {
    if (!this.#isRead) await this.#read();
    const now = this.#tools.clock.now();
    if (isWithin(freshFor, this.#list?.asOf ?? -Infinity, now) || isWithin(rest, this.#asked, now)) return this.#list;
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    await abortable(this.#asking, signal);
    return this.#list;
  }

  /** Never fails: without an answer the last good list stays. */
  async #ask(): Promise<void> {
    const { clock } = this.#tools;
    const [question, alarm] = [new AbortController(), new AbortController()];
    clock.sleep(patience, alarm.signal).then(
      () => question.abort(new ImageError('timed_out', 'not_answered', { what: 'models' }, { charged: 'no' })),
      () => undefined,
    );
    await this.#fetch(question.signal).catch((error: unknown) => (this.#failure = error));
    alarm.abort();
    this.#asked = clock.now();
  }

  /** What holds no model is an answer, but no list to keep. */
  async #fetch(signal: AbortSignal): Promise<Record<string, unknown>> {
    const { fetchList, source, clock } = this.#tools;
    const body = await fetchList(signal);
    if (readModels(body).length > 0) {
      this.#list = { asOf: clock.now(), source, body };
      this.#failure = undefined;
      await this.#save(this.#list);
    }
    return body;
  }

  async #read(): Promise<void> {
    const { file, source } = this.#tools;
    const saved = parseJson(file === undefined ? '' : await readFile(file, 'utf8').catch(() => ''));
    if (isObject(saved) && saved.source === source && typeof saved.asOf === 'number' && isObject(saved.body)) {
      this.#list ??= { asOf: saved.asOf, source, body: saved.body };
    }
    this.#isRead = true;
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

/** Also where the clock was set back since. */
function isWithin(duration: number, since: number, now: number): boolean {
  return now >= since && now - since < duration;
}

import { abortable } from '../../abortable.js';
import type { Clock } from '../../clock.js';
import { fetchInTime, freshFor, isWithin, retryPause } from './freshness.js';

/** Fetches what a path of the service says of one model. */
type FetchPage = (path: string, signal: AbortSignal) => Promise<unknown>;

/** The page of one model, and how long it is not asked for again, in milliseconds. */
interface Page {
  asOf: number;
  keepFor: number;
  content: Promise<unknown>;
}

/** The pages that a service has of its models, by their paths. */
export class ModelPages {
  readonly #fetchPage: FetchPage;
  readonly #clock: Clock;
  readonly #pages = new Map<string, Page>();

  constructor(fetchPage: FetchPage, clock: Clock) {
    this.#fetchPage = fetchPage;
    this.#clock = clock;
  }

  /**
   * The page at an address that the list names, asked for once a day, or again after a pause where it did not come;
   * undefined where there is none.
   *
   * @throws `signal.reason` when aborted.
   */
  async find(address: unknown, signal: AbortSignal): Promise<unknown> {
    const path = typeof address === 'string' && /^\/(?!\/)[\w%./~:@-]+$/.test(address) ? address : undefined;
    if (path === undefined) return undefined;
    const now = this.#clock.now();
    const known = this.#pages.get(path);
    const content = known && isWithin(known.keepFor, known.asOf, now) ? known.content : this.#fetch(path, now);
    return abortable(content, signal);
  }

  #fetch(path: string, asOf: number): Promise<unknown> {
    const before = this.#pages.get(path)?.content;
    const page: Page = { asOf, keepFor: freshFor, content: Promise.resolve(undefined) };
    page.content = fetchInTime(this.#clock, (signal) => this.#fetchPage(path, signal)).catch(() => {
      page.keepFor = retryPause;
      return before;
    });
    this.#pages.set(path, page);
    return page.content;
  }
}

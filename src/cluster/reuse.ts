import { defined } from '../defined.js';
import type { Generation, GenerationRequest } from '../generation.js';
import { toReused } from '../history/shared-requests.js';
import type { Asker } from './asker.js';
import { type AskOptions, SameRequest } from './enqueue.js';
import type { Follower } from './follower.js';
import type { SharedHistory } from './shared-history.js';

/** What requests are answered with. */
export interface ReuseOptions {
  asker: Asker;
  follower: Follower;
  history: SharedHistory;
}

/** Answers a request that allows it by the same one of another instance, which has made it or is about to. */
export class Reuse {
  readonly #options: ReuseOptions;

  constructor(options: ReuseOptions) {
    this.#options = options;
  }

  /** What another instance has made; undefined where that is nothing, or Redis does not have all of its images. */
  async find({ model, n = 1 }: GenerationRequest, { digest, reuse }: AskOptions): Promise<Generation | undefined> {
    if (digest === undefined || reuse === undefined) return undefined;
    const images = await this.#options.history.find(digest, reuse).catch(() => undefined);
    return images && images.length >= n ? toReused(images, defined({ model })) : undefined;
  }

  /** @throws ImageError as `Asker.ask` does, or as the other request fails. */
  async ask(request: GenerationRequest, options: AskOptions): Promise<Generation> {
    try {
      return await this.#options.asker.ask(request, options);
    } catch (error) {
      if (!(error instanceof SameRequest)) throw error;
      return this.#follow(error.id, request, options);
    }
  }

  async #follow(id: string, request: GenerationRequest, options: AskOptions): Promise<Generation> {
    const followed = await this.#options.follower.follow(id, request, options);
    if (followed === 'not sent') return this.ask(request, options);
    if (followed !== 'elsewhere') return followed;
    const { digest: _, ...paying } = options;
    return (await this.find(request, options)) ?? this.ask(request, paying);
  }
}

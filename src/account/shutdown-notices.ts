import { isShutdownNear } from '../api/models/shutdown.js';
import type { Model } from '../api/models/read-models.js';
import type { Clock } from '../clock.js';
import type { Warning } from '../generation.js';
import { warning } from '../warning.js';

/** A model that its service is about to end, or has ended, and the day (ISO 8601, `2026-12-01`). */
export interface EndingModel {
  model: string;
  day: string;
}

/** Finds out by id what the list of a service says of a model. */
type FindModel = (id: string) => Promise<Model | undefined>;

/** A model is looked up again after this time, in milliseconds. */
const memory = 3_600_000;

/** Says once of each model in use that the service is about to end it. */
export class ShutdownNotices {
  readonly #onWarning: (warning: Warning) => void;
  readonly #clock: Clock;
  readonly #given = new Set<string>();
  /** Models whose end is not near, since the time of the monotonic clock below. */
  readonly #goOn = new Set<string>();
  #since = -Infinity;

  constructor(onWarning: (warning: Warning) => void, clock: Clock) {
    this.#onWarning = onWarning;
    this.#clock = clock;
  }

  /** Call it with each request; `find` is asked at most once an hour for each model that is listed. */
  async note(id: string, find: FindModel): Promise<void> {
    this.#forget();
    if (this.#given.has(id) || this.#goOn.has(id)) return;
    const model = await find(id);
    const ending = this.#toEnding(id, model);
    if (!ending) {
      if (model) this.#goOn.add(id);
      return;
    }
    this.#given.add(id);
    this.#onWarning(warning('model_ends', { ...ending }));
  }

  /** Whether the end of a model is near; undefined where it is not, or not known. */
  async check(id: string, find: FindModel): Promise<EndingModel | undefined> {
    return this.#toEnding(id, await find(id));
  }

  #toEnding(id: string, model: Model | undefined): EndingModel | undefined {
    const day = model?.shutdownDate;
    return day !== undefined && isShutdownNear(day, this.#clock.now()) ? { model: id, day } : undefined;
  }

  #forget(): void {
    const now = this.#clock.monotonic();
    if (now - this.#since < memory) return;
    this.#since = now;
    this.#goOn.clear();
  }
}

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

/** How long a model that does not end soon is not looked up again, in milliseconds. */
const recheckAfter = 3_600_000;

/** Warns once about each model in use that the service is about to end. */
export class ShutdownNotices {
  readonly #onWarning: (warning: Warning) => void;
  readonly #clock: Clock;
  readonly #given = new Set<string>();
  /** Models that do not end soon, looked up since `#checkedSince` (monotonic clock). */
  readonly #unaffected = new Set<string>();
  #checkedSince = -Infinity;

  constructor(onWarning: (warning: Warning) => void, clock: Clock) {
    this.#onWarning = onWarning;
    this.#clock = clock;
  }

  /** Call it with each request; `find` is asked at most once an hour for each model that is listed. */
  async note(id: string, find: FindModel): Promise<void> {
    this.#forget();
    if (this.#given.has(id) || this.#unaffected.has(id)) return;
    const model = await find(id);
    const ending = this.#toEnding(id, model);
    if (!ending) {
      if (model) this.#unaffected.add(id);
      return;
    }
    // Requests that came together have all looked it up.
    if (this.#given.has(id)) return;
    this.#given.add(id);
    this.#onWarning(warning('model_ends', { ...ending }));
  }

  /** When a model ends; undefined where that is not soon, or not known. */
  async check(id: string, find: FindModel): Promise<EndingModel | undefined> {
    return this.#toEnding(id, await find(id));
  }

  #toEnding(id: string, model: Model | undefined): EndingModel | undefined {
    const day = model?.shutdownDate;
    return day !== undefined && isShutdownNear(day, this.#clock.now()) ? { model: id, day } : undefined;
  }

  #forget(): void {
    const now = this.#clock.monotonic();
    if (now - this.#checkedSince < recheckAfter) return;
    this.#checkedSince = now;
    this.#unaffected.clear();
  }
}

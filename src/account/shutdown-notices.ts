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

/** Says once of each model in use that the service is about to end it. */
export class ShutdownNotices {
  readonly #onWarning: (warning: Warning) => void;
  readonly #clock: Clock;
  readonly #given = new Set<string>();

  constructor(onWarning: (warning: Warning) => void, clock: Clock) {
    this.#onWarning = onWarning;
    this.#clock = clock;
  }

  /** Call it with each request; `find` is asked only while nothing was said of the model. */
  async note(id: string, find: FindModel): Promise<void> {
    if (this.#given.has(id)) return;
    const ending = await this.check(id, find);
    if (!ending) return;
    this.#given.add(id);
    this.#onWarning(warning('model_ends', { ...ending }));
  }

  /** Whether the end of a model is near; undefined where it is not, or not known. */
  async check(id: string, find: FindModel): Promise<EndingModel | undefined> {
    const { shutdownDate: day } = (await find(id)) ?? {};
    return day !== undefined && isShutdownNear(day, this.#clock.now()) ? { model: id, day } : undefined;
  }
}

import { isShutdownNear } from '../api/models/shutdown.js';
import type { Model } from '../api/models/read-models.js';
import type { Clock } from '../clock.js';
import type { Warning } from '../generation.js';
import { warning } from '../warning.js';

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
  async note(id: string, find: (id: string) => Promise<Model | undefined>): Promise<void> {
    if (this.#given.has(id)) return;
    const { shutdownDate: day } = (await find(id)) ?? {};
    if (day === undefined || !isShutdownNear(day, this.#clock.now())) return;
    this.#given.add(id);
    this.#onWarning(warning('model_ends', { model: id, day }));
  }
}

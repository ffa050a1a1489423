import type { EditedNode } from '../../shared/editor/red.js';
import { callRoute, toProblem } from '../../shared/editor/request.js';
import { type Settings, currentSettings } from '../../shared/editor/settings.js';
import { subscribeToDrafts } from './subscribe-to-drafts.js';
import type { ChosenAccount } from './request-forecast.js';
import type { SampleFields } from './sample-fields.js';
import type { Answer, DryRunResult, TryResult } from '../../shared/route-answers.js';

/** How images are made besides by the open dialog. */
export interface MakeOptions {
  /** Called with the id of each partial image. */
  onDraft(id: string): void;
  /** In the place of those of the open dialog. */
  settings?: Settings;
}

/** Posts the settings of the open dialog to a route, with the samples in the place of a message. */
export class TrySender {
  readonly #node: EditedNode;
  readonly #chosen: () => ChosenAccount | undefined;
  readonly #samples: SampleFields;

  constructor(node: EditedNode, chosen: () => ChosenAccount | undefined, samples: SampleFields) {
    this.#node = node;
    this.#chosen = chosen;
    this.#samples = samples;
  }

  dryRun(): Promise<Answer<DryRunResult>> {
    return this.#post('nanogpt-image/dry-run', currentSettings(this.#node));
  }

  /** Makes images, once. */
  async make(
    signal: AbortSignal,
    { onDraft, settings = currentSettings(this.#node) }: MakeOptions,
  ): Promise<Answer<TryResult>> {
    const { tryId, stop } = subscribeToDrafts(onDraft);
    return this.#post<TryResult>('nanogpt-image/try', settings, { signal, tryId }).finally(stop);
  }

  /** The settings are read at once: the dialog may change while images are read from disk. */
  async #post<Result>(
    path: string,
    node: Settings,
    { signal, tryId }: { signal?: AbortSignal; tryId?: string } = {},
  ): Promise<Answer<Result>> {
    const posted = this.#chosen()?.posted;
    const sample = await this.#samples.message().catch(() => undefined);
    return sample
      ? callRoute<Result>(this.#node, path, { ...posted, node, sample, tryId }, signal)
      : { problem: toProblem(this.#node._('try.unreadable'), 'no') };
  }
}

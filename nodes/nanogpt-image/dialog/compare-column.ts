import type { Model } from '../../shared/editor/models.js';
import type { EditedNode } from '../../shared/editor/red.js';
import type { Answer, TryResult } from '../../shared/route-answers.js';
import { Results } from './results.js';
import { costText, secondsText, showProblem, warningList } from './show-result.js';
import { Stopwatch } from './stopwatch.js';

/** What a column shows besides its model, and what its button does. */
export interface CompareColumnOptions {
  /** Names of the fields that were not sent. */
  leftOut: string[];
  /** Whether this service is free. */
  isFree: boolean;
  use(): void;
}

/** One of the models side by side: its image with price and time, or what went wrong. */
export class CompareColumn {
  readonly element: JQuery;
  readonly #node: EditedNode;
  readonly #isFree: boolean;
  readonly #status = $('<div class="nanogpt-status" role="status">');
  readonly #stopwatch = new Stopwatch();
  readonly #results: Results;

  constructor(node: EditedNode, model: Model, { leftOut, isFree, use }: CompareColumnOptions) {
    this.#node = node;
    this.#isFree = isFree;
    this.#results = new Results(node);
    const omitted = node._('compare.leftOut', { fields: leftOut.join(', ') });
    this.element = $('<section>')
      .attr('aria-label', model.name)
      .append(
        $('<div class="nanogpt-name">').text(model.name).attr('title', model.id),
        this.#stopwatch.element,
        this.#results.element,
        this.#status,
        leftOut.length > 0 ? $('<p>').text(omitted) : '',
        $('<button type="button" class="nanogpt-button">').text(node._('compare.use')).on('click', use),
      );
    this.#stopwatch.start();
  }

  showDraft(id: string): void {
    this.#results.showDraft(id);
  }

  async show(answer: Answer<TryResult>): Promise<void> {
    if (answer.problem) {
      this.#results.removeDraft();
      showProblem(this.#node, this.#status, answer.problem);
    } else await this.#showImages(answer);
    this.#stopwatch.stop();
  }

  close(): void {
    this.#stopwatch.stop();
    this.#results.close();
  }

  async #showImages(result: TryResult): Promise<void> {
    await this.#results.show(result.images);
    const cost = this.#isFree ? this.#node._('price.free') : costText(result);
    const price = cost ?? this.#node._('price.unknown');
    this.#status.text(`${price} · ${secondsText(result)} s`).append(warningList(this.#node, result.warnings));
  }
}

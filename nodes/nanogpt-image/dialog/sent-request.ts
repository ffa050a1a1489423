import type { EditedNode } from '../../shared/editor/red.js';
import { translate } from '../../shared/editor/request.js';
import type { Answer, DryRunResult } from '../../shared/route-answers.js';

/** Shows what is sent to the service. Unfolding it calls the dry run, which sends nothing to the service. */
export class SentView {
  readonly element: JQuery;
  readonly #text: JQuery;

  constructor(node: EditedNode, dryRun: () => Promise<Answer<DryRunResult>>) {
    this.#text = $('<pre tabindex="0">').attr('aria-label', node._('try.sent'));
    this.element = $('<details class="nanogpt-sent">').append(
      $('<summary>').text(node._('try.sent')),
      $('<div class="form-row">').append(this.#text),
    );
    this.element.on('toggle', () => {
      if (this.element.prop('open') !== true) return;
      void dryRun().then((answer) =>
        answer.problem ? this.#text.text(translate(node, answer.problem)) : this.show(answer.request),
      );
    });
  }

  fold(): void {
    this.element.prop('open', false);
  }

  show({ method, url, body }: DryRunResult['request']): void {
    this.#text.text(`${method} ${url}\n${JSON.stringify(body, null, 2)}`);
  }
}

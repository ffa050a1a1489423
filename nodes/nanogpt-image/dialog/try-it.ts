import type { Model } from '../../shared/editor/models.js';
import type { EditedNode, EditorRed } from '../../shared/editor/red.js';
import type { Answer, Problem, TryResult } from '../../shared/route-answers.js';
import { Compare } from './compare.js';
import { Results } from './results.js';
import { type ChosenAccount, forecastRequest } from './request-forecast.js';
import { estimateCosts } from './price-line.js';
import { SampleFields } from './sample-fields.js';
import { TrySender } from './send-try.js';
import { SentView } from './sent-request.js';
import { costText, secondsText, showProblem, warningList } from './show-result.js';
import { Stopwatch } from './stopwatch.js';

declare const RED: EditorRed;

/** What the section shares with the rest of the dialog. */
export interface TryItOptions {
  chosen(): ChosenAccount | undefined;
  /** Asks for what only the page of a model says. */
  complete(model: Model | undefined): void;
}

/**
 * The section that makes an image from the open dialog, with a sample instead of a message. One click is one request;
 * nothing is retried.
 */
export class TryIt {
  readonly #node: EditedNode;
  readonly #chosen: () => ChosenAccount | undefined;
  readonly #complete: (model: Model | undefined) => void;
  readonly #samples: SampleFields;
  readonly #sender: TrySender;
  readonly #compare: Compare;
  readonly #results: Results;
  readonly #sent: SentView;
  readonly #section = $('#nanogpt-try');
  readonly #button = $('<button type="button" class="nanogpt-button nanogpt-make">');
  readonly #cancel = $('<button type="button" class="nanogpt-button">').hide();
  readonly #status = $('<div class="nanogpt-status" role="status">');
  readonly #stopwatch = new Stopwatch();
  /** Ends the try that runs. */
  #running: AbortController | undefined;
  #isClosed = false;

  constructor(node: EditedNode, form: JQuery, { chosen, complete }: TryItOptions) {
    this.#node = node;
    this.#chosen = chosen;
    this.#complete = complete;
    this.#samples = new SampleFields(node);
    this.#sender = new TrySender(node, chosen, this.#samples);
    this.#compare = new Compare(node, { chosen, complete, samples: this.#samples, sender: this.#sender });
    this.#results = new Results(node);
    this.#sent = new SentView(node, () => this.#sender.dryRun());
    this.#button.on('click', () => void this.#make());
    this.#cancel.text(RED._('common.label.cancel')).on('click', () => this.#running?.abort());
    this.#samples.element.on('input change', () => this.refresh());
    // After a change, another request would be sent.
    form.on('input change', () => this.#sent.fold());
    this.#section.append(
      this.#samples.element,
      $('<div class="form-row">').append(this.#button, ' ', this.#cancel),
      this.#status,
      this.#stopwatch.element,
      this.#results.element,
      this.#sent.element,
      this.#compare.element,
    );
    $('#nanogpt-to-try').on('click', () => this.#reveal());
    // jQuery UI triggers it however the dialog is closed.
    form.on('remove', () => this.#close());
  }

  /** Shows the properties that the current settings need from a message, and the price. */
  refresh(): void {
    // Beneath another dialog it has no fields.
    if (this.#section.closest('body').length === 0) return;
    this.#samples.refresh();
    const forecast = forecastRequest(this.#node, this.#chosen(), this.#samples.texts);
    this.#complete(forecast.model);
    const { all } = estimateCosts(this.#node, forecast);
    const key = forecast.isFree ? 'try.makeFree' : all === undefined ? 'try.makeUnknown' : 'try.make';
    const isRunning = this.#running !== undefined;
    this.#button.text(this.#node._(key, { price: all })).prop('disabled', isRunning || !this.#chosen());
    this.#cancel.toggle(isRunning);
    this.#compare.refresh();
  }

  /** Unfolds the section and focuses the first field, else its button. */
  #reveal(): void {
    this.#section.prop('open', true);
    const first = this.#samples.element.find('input').first();
    const target = first.length > 0 ? first : this.#button;
    this.#button[0]!.scrollIntoView({ block: 'center' });
    target[0]!.focus({ preventScroll: true });
  }

  #close(): void {
    this.#isClosed = true;
    this.#stopwatch.stop();
    this.#compare.close();
    this.#samples.close();
    this.#results.close();
  }

  async #make(): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    this.refresh();
    this.#status.removeClass('nanogpt-problem').text(this.#node._('try.running'));
    this.#stopwatch.start();
    const answer = await this.#sender.make(running.signal, { onDraft: (id) => this.#results.showDraft(id) });
    if (this.#isClosed) return;
    await this.#show(answer);
    this.#stopwatch.stop();
    this.#running = undefined;
    this.refresh();
    if (!answer.problem) this.#results.reveal();
    // A disabled or hidden button loses the focus.
    if (document.activeElement === document.body) this.#button[0]!.focus({ preventScroll: true });
    this.#status[0]!.scrollIntoView({ block: 'nearest' });
  }

  async #show(answer: Answer<TryResult>): Promise<void> {
    if (answer.problem) return this.#showProblem(answer.problem);
    await this.#results.show(answer.images);
    this.#status.text(this.#summary(answer)).append(warningList(this.#node, answer.warnings));
    if (answer.request) this.#sent.show(answer.request);
  }

  #showProblem(problem: Problem): void {
    this.#results.removeDraft();
    showProblem(this.#node, this.#status, problem);
  }

  #summary(result: TryResult): string {
    const isFree = this.#chosen()?.posted.account.service === 'sandbox';
    const price = costText(result, isFree ? this.#node._('price.playMoney') : undefined);
    return this.#node._(price === undefined ? 'try.doneUnknown' : 'try.done', { seconds: secondsText(result), price });
  }
}

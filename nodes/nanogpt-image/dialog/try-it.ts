import type { EditedNode, EditorRed } from '../../shared/editor/red.js';
import { type Answer, type Sentence, ask, problemOf, say } from '../../shared/editor/request.js';
import { amountText } from '../../shared/editor/price-text.js';
import { settingsNow } from '../../shared/editor/settings.js';
import { type ResultImage, Results } from './results.js';
import { type Chosen, forecastRequest } from './request-forecast.js';
import { estimateCosts } from './price-line.js';
import { SampleFields } from './sample-fields.js';
import { type SentRequest, SentView } from './sent-request.js';

declare const RED: EditorRed;

/** What came of a try. */
interface Tried {
  images: ResultImage[];
  durationMs: number;
  warnings: Sentence[];
  request: SentRequest;
  cost?: number;
  currency?: string;
}

/** The section that makes an image from the open dialog, with a sample in the place of a message. One click is one request; nothing is sent again by itself. */
export class TryIt {
  readonly #node: EditedNode;
  readonly #chosen: () => Chosen | undefined;
  readonly #samples: SampleFields;
  readonly #images: Results;
  readonly #sent: SentView;
  readonly #button = $('<button type="button" class="nanogpt-button">');
  readonly #status = $('<div class="nanogpt-status" role="status">');
  #isRunning = false;
  #isClosed = false;

  constructor(node: EditedNode, form: JQuery, chosen: () => Chosen | undefined) {
    this.#node = node;
    this.#chosen = chosen;
    this.#samples = new SampleFields(node);
    this.#images = new Results(node);
    this.#sent = new SentView(node, () => this.#ask('nanogpt-image/dry-run'));
    this.#button.on('click', () => void this.#make());
    this.#samples.element.on('input', () => this.refresh());
    // What was sent before a change is not what is sent after it.
    form.on('input change', () => this.#sent.fold());
    const parts = [
      this.#samples.element,
      $('<div class="form-row">').append(this.#button),
      this.#status,
      this.#images.element,
      this.#sent.element,
    ];
    $('#nanogpt-try').append(parts);
    // jQuery UI tells when the dialog is gone, whichever way.
    form.on('remove', () => {
      this.#isClosed = true;
      this.#images.clear();
    });
  }

  /** Shows what the present settings need of a message, and what they cost. */
  refresh(): void {
    this.#samples.refresh();
    const look = forecastRequest(this.#node, this.#chosen(), this.#samples.texts);
    const { all } = estimateCosts(this.#node, look);
    const key = look.isFree ? 'try.makeFree' : all === undefined ? 'try.makeUnknown' : 'try.make';
    this.#button.text(this.#node._(key, { price: all })).prop('disabled', this.#isRunning || !this.#chosen());
  }

  async #make(): Promise<void> {
    this.#isRunning = true;
    this.refresh();
    this.#images.clear();
    this.#status.removeClass('nanogpt-problem').text(this.#node._('try.running'));
    const answer = await this.#ask<Tried>('nanogpt-image/try');
    if (this.#isClosed) return;
    await this.#show(answer);
    this.#isRunning = false;
    this.refresh();
    // A button that is disabled loses the focus.
    if (document.activeElement === document.body) this.#button[0]!.focus({ preventScroll: true });
    this.#images.element[0]!.scrollIntoView({ block: 'nearest' });
  }

  /** What is asked is read at once: the dialog may change while images are read from disk. */
  async #ask<Result>(path: string): Promise<Answer<Result>> {
    const node = settingsNow(this.#node);
    const posted = this.#chosen()?.posted;
    const sample = await this.#samples.message().catch(() => undefined);
    return sample
      ? ask<Result>(this.#node, path, { ...posted, node, sample })
      : { problem: problemOf(this.#node._('try.unreadable'), 'no') };
  }

  async #show(answer: Answer<Tried>): Promise<void> {
    const { problem } = answer;
    if (problem) {
      this.#status
        .addClass('nanogpt-problem')
        .text(say(this.#node, problem))
        .append($('<div>').text(this.#node._(`try.charged-${problem.charged}`)));
      return;
    }
    await this.#images.show(answer.images);
    const warnings = answer.warnings.map((warning) => $('<li>').text(say(this.#node, warning)));
    this.#status.text(this.#summary(answer)).append(warnings.length > 0 ? $('<ul>').append(warnings) : '');
    this.#sent.show(answer.request);
  }

  #summary({ durationMs, cost, currency = 'USD' }: Tried): string {
    const seconds = Math.max(durationMs / 1000, 0.1).toLocaleString(RED.i18n.lang(), { maximumFractionDigits: 1 });
    const price = cost === undefined ? undefined : amountText(this.#node, cost, currency);
    const isFree = this.#chosen()?.posted.account.service === 'sandbox';
    return this.#node._(price === undefined ? 'try.doneUnknown' : isFree ? 'try.doneFree' : 'try.done', {
      seconds,
      price,
    });
  }
}

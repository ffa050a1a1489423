import type { EditedNode, EditorRed } from '../../shared/editor/red.js';
import {
  type Answer,
  type Problem,
  type TranslatableMessage,
  callRoute,
  toProblem,
  translate,
} from '../../shared/editor/request.js';
import { amountText } from '../../shared/editor/price-text.js';
import { currentSettings } from '../../shared/editor/settings.js';
import { type ResultImage, Results } from './results.js';
import { type ChosenAccount, forecastRequest } from './request-forecast.js';
import { estimateCosts } from './price-line.js';
import { SampleFields } from './sample-fields.js';
import { type SentRequest, SentView } from './sent-request.js';
import { Stopwatch } from './stopwatch.js';

declare const RED: EditorRed;

/** What came of a try. */
interface TryResult {
  images: ResultImage[];
  durationMs: number;
  warnings: TranslatableMessage[];
  request: SentRequest;
  cost?: number;
  currency?: string;
}

/** Errors whose message already says that the request may have been charged. */
const MENTIONS_CHARGE = ['timed_out', 'service_timed_out', 'connection_lost', 'server_failed', 'download_failed'];

/** The section that makes an image from the open dialog, with a sample in the place of a message. One click is one request; nothing is sent again by itself. */
export class TryIt {
  readonly #node: EditedNode;
  readonly #chosen: () => ChosenAccount | undefined;
  readonly #samples: SampleFields;
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

  constructor(node: EditedNode, form: JQuery, chosen: () => ChosenAccount | undefined) {
    this.#node = node;
    this.#chosen = chosen;
    this.#samples = new SampleFields(node);
    this.#results = new Results(node);
    this.#sent = new SentView(node, () => this.#call('nanogpt-image/dry-run'));
    this.#button.on('click', () => void this.#make());
    this.#cancel.text(RED._('common.label.cancel')).on('click', () => this.#running?.abort());
    this.#samples.element.on('input', () => this.refresh());
    // What was sent before a change is not what is sent after it.
    form.on('input change', () => this.#sent.fold());
    this.#section.append(
      this.#samples.element,
      $('<div class="form-row">').append(this.#button, ' ', this.#cancel),
      this.#status,
      this.#stopwatch.element,
      this.#results.element,
      this.#sent.element,
    );
    $('#nanogpt-to-try').on('click', () => this.#reveal());
    // jQuery UI tells when the dialog is gone, whichever way.
    form.on('remove', () => this.#close());
  }

  /** Shows what the present settings need of a message, and what they cost. */
  refresh(): void {
    this.#samples.refresh();
    const forecast = forecastRequest(this.#node, this.#chosen(), this.#samples.texts);
    const { all } = estimateCosts(this.#node, forecast);
    const key = forecast.isFree ? 'try.makeFree' : all === undefined ? 'try.makeUnknown' : 'try.make';
    const isRunning = this.#running !== undefined;
    this.#button.text(this.#node._(key, { price: all })).prop('disabled', isRunning || !this.#chosen());
    this.#cancel.toggle(isRunning);
  }

  /** Unfolds the section and goes to what is to be filled in, else to its button. */
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
    this.#samples.close();
    this.#results.close();
  }

  async #make(): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    this.refresh();
    this.#status.removeClass('nanogpt-problem').text(this.#node._('try.running'));
    this.#stopwatch.start();
    const answer = await this.#call<TryResult>('nanogpt-image/try', running.signal);
    if (this.#isClosed) return;
    await this.#show(answer);
    this.#stopwatch.stop();
    this.#running = undefined;
    this.refresh();
    // A button that is disabled or hidden loses the focus.
    if (document.activeElement === document.body) this.#button[0]!.focus({ preventScroll: true });
    this.#status[0]!.scrollIntoView({ block: 'nearest' });
  }

  /** What is asked is read at once: the dialog may change while images are read from disk. */
  async #call<Result>(path: string, signal?: AbortSignal): Promise<Answer<Result>> {
    const node = currentSettings(this.#node);
    const posted = this.#chosen()?.posted;
    const sample = await this.#samples.message().catch(() => undefined);
    return sample
      ? callRoute<Result>(this.#node, path, { ...posted, node, sample }, signal)
      : { problem: toProblem(this.#node._('try.unreadable'), 'no') };
  }

  async #show(answer: Answer<TryResult>): Promise<void> {
    if (answer.problem) return this.#showProblem(answer.problem);
    await this.#results.show(answer.images);
    const warnings = answer.warnings.map((warning) => $('<li>').text(translate(this.#node, warning)));
    this.#status.text(this.#summary(answer)).append(warnings.length > 0 ? $('<ul>').append(warnings) : '');
    this.#sent.show(answer.request);
  }

  /** What went wrong and what became of the money, each said once; images that were paid for, as links. */
  #showProblem(problem: Problem): void {
    const { key, charged, urls = [] } = problem;
    const text = urls.length > 0 ? this.#node._('try.notFetched') : translate(this.#node, problem);
    const verdict = MENTIONS_CHARGE.includes(key) ? '' : $('<div>').text(this.#node._(`try.charged-${charged}`));
    const links = urls.map((url) =>
      $('<div>').append($('<a target="_blank" rel="noreferrer">').attr('href', url).text(url)),
    );
    this.#status.addClass('nanogpt-problem').text(text).append(verdict, links);
  }

  #summary({ durationMs, cost, currency = 'USD' }: TryResult): string {
    const seconds = Math.max(durationMs / 1000, 0.1).toLocaleString(RED.i18n.lang(), { maximumFractionDigits: 1 });
    const price = cost === undefined ? undefined : amountText(this.#node, cost, currency);
    const isFree = this.#chosen()?.posted.account.service === 'sandbox';
    return this.#node._(price === undefined ? 'try.doneUnknown' : isFree ? 'try.doneFree' : 'try.done', {
      seconds,
      price,
    });
  }
}

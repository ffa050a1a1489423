import { priceText, totalText } from '../../shared/editor/price-text.js';
import type { Model } from '../../shared/editor/models.js';
import type { EditedNode, EditorRed } from '../../shared/editor/red.js';
import type { ChosenAccount } from './request-forecast.js';
import type { SampleFields } from './sample-fields.js';
import type { TrySender } from './send-try.js';
import { adaptSettings } from './adapt-settings.js';
import { CompareColumn } from './compare-column.js';
import { ModelPicker } from './model-picker.js';

declare const RED: EditorRed;

/** How many comparisons stay visible. */
const MAX_ROUNDS = 3;

/** What the section shares with the rest of the dialog. */
export interface CompareOptions {
  chosen(): ChosenAccount | undefined;
  /** Asks for what only the page of a model says. */
  complete(model: Model): void;
  samples: SampleFields;
  sender: TrySender;
}

/** The section that makes the same image with several models, side by side. Each is one request, which is paid for. */
export class Compare {
  readonly element: JQuery;
  readonly #node: EditedNode;
  readonly #options: CompareOptions;
  readonly #picker: ModelPicker;
  readonly #button = $('<button type="button" class="nanogpt-button nanogpt-compare">');
  readonly #cancel = $('<button type="button" class="nanogpt-button">').hide();
  readonly #rounds = $('<div class="nanogpt-rounds">');
  #columns: CompareColumn[][] = [];
  /** Ends the comparison that runs. */
  #running: AbortController | undefined;

  constructor(node: EditedNode, options: CompareOptions) {
    this.#node = node;
    this.#options = options;
    this.#picker = new ModelPicker(node, () => this.#showButtons());
    this.#button.on('click', () => void this.#compare());
    this.#cancel.text(RED._('common.label.cancel')).on('click', () => this.#running?.abort());
    this.element = $('<details>').append(
      $('<summary>').text(node._('label.compare')),
      $('<div class="nanogpt-tip">').text(node._('compare.choose')),
      this.#picker.element,
      $('<div class="form-row">').append(this.#button, ' ', this.#cancel),
      this.#rounds,
    );
    this.element.on('toggle', () => this.refresh());
  }

  /** Offers the models that can do what the samples ask for. */
  refresh(): void {
    if (this.element.prop('open') !== true) return;
    const { samples } = this.#options;
    const [hasImage, hasMask] = (['image', 'mask'] as const).map(
      (setting) => samples.chosenFile(setting) !== undefined,
    );
    this.#picker.offer(this.#options.chosen()?.listing?.models ?? [], {
      fits: ({ abilities }) =>
        abilities.length === 0 ||
        (!hasMask && hasImage && abilities.includes('image-to-image')) ||
        abilities.includes(hasMask || hasImage ? 'inpainting' : 'text-to-image'),
      price: (model) => (this.#isFree ? this.#node._('price.free') : (this.#price(model) ?? '')),
    });
    this.#showButtons();
  }

  /** What waits is given up; what was sent is paid for, and goes to the history. */
  close(): void {
    this.#running?.abort();
    for (const column of this.#columns.flat()) column.close();
  }

  get #isFree(): boolean {
    return this.#options.chosen()?.posted.account.service === 'sandbox';
  }

  #price(model: Model): string | undefined {
    const { priceFields } = adaptSettings(this.#node, model, this.#options.samples.texts);
    return priceText(this.#node, model, priceFields);
  }

  #showButtons(): void {
    const models = this.#picker.chosen;
    models.forEach((model) => this.#options.complete(model));
    const requests = models.map((model) => ({
      pricing: model.pricing,
      query: adaptSettings(this.#node, model, this.#options.samples.texts).priceFields,
      images: model.fixedImages ?? 1,
    }));
    const images = requests.reduce((sum, request) => sum + request.images, 0);
    const price = totalText(this.#node, requests);
    const key = this.#isFree ? 'compare.makeFree' : price === undefined ? 'compare.makeUnknown' : 'compare.make';
    const isRunning = this.#running !== undefined;
    const text = models.length === 0 ? this.#node._('compare.none') : this.#node._(key, { images, price });
    this.#button.text(text).prop('disabled', isRunning || models.length === 0);
    this.#cancel.toggle(isRunning);
  }

  async #compare(): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    this.#showButtons();
    const { samples, sender } = this.#options;
    const round = this.#picker.chosen.map((model) => {
      const { settings, leftOut } = adaptSettings(this.#node, model, samples.texts);
      const column = new CompareColumn(this.#node, model, {
        leftOut,
        isFree: this.#isFree,
        use: () => useModel(model),
      });
      return { column, settings };
    });
    this.#addRound(round.map(({ column }) => column));
    await Promise.all(
      round.map(async ({ column, settings }) => {
        const onDraft = (id: string): void => column.showDraft(id);
        await column.show(await sender.make(running.signal, { settings, onDraft }));
      }),
    );
    this.#running = undefined;
    this.#showButtons();
    if (document.activeElement === document.body) this.#button[0]!.focus({ preventScroll: true });
  }

  /** The newest first. */
  #addRound(columns: CompareColumn[]): void {
    this.#rounds.prepend($('<div class="nanogpt-round">').append(columns.map(({ element }) => element)));
    this.#columns.unshift(columns);
    for (const column of this.#columns.splice(MAX_ROUNDS).flat()) column.close();
    this.#rounds.children().slice(MAX_ROUNDS).remove();
  }
}

function useModel({ id }: Model): void {
  const field = $('#node-input-model');
  field.typedInput('type', 'str');
  field.typedInput('value', id);
  field.trigger('change');
}

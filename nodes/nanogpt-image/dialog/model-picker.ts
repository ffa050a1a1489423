import type { Model } from '../../shared/editor/models.js';
import { nameAndAbilities } from '../../shared/editor/model-chooser.js';
import { makeSpan } from '../../shared/editor/choice-list.js';
import type { EditedNode } from '../../shared/editor/red.js';

/** How many models can be compared at a time. */
const MAX_CHOSEN = 4;

interface Row {
  model: Model;
  words: string;
  element: HTMLElement;
  box: HTMLInputElement;
  price: HTMLElement;
}

/** What is shown of the models just now. */
export interface PickerState {
  /** Whether a model can serve the request. */
  fits(model: Model): boolean;
  price(model: Model): string;
}

/** A list of models with a checkbox each, found by name and id. Nothing is ticked by itself. */
export class ModelPicker {
  readonly element: JQuery;
  readonly #node: EditedNode;
  readonly #search: JQuery;
  readonly #list = $('<div class="nanogpt-picker" role="group">');
  readonly #onChange: () => void;
  #models: Model[] = [];
  #rows: Row[] = [];
  #state: PickerState = { fits: () => true, price: () => '' };

  constructor(node: EditedNode, onChange: () => void) {
    this.#node = node;
    this.#onChange = onChange;
    const label = node._('compare.search');
    this.#search = $('<input type="text">').attr({ placeholder: label, 'aria-label': label });
    this.#search.on('input', () => this.#show());
    this.#list.attr('aria-label', node._('compare.choose')).on('change', () => {
      this.#show();
      this.#onChange();
    });
    this.element = $('<div class="form-row nanogpt-compared">').append(this.#search, this.#list);
  }

  /** The models that are ticked, in the order of the list. */
  get chosen(): Model[] {
    return this.#rows.filter(({ box }) => box.checked).map(({ model }) => model);
  }

  /** Offers models; one that does not fit the request is neither shown nor stays ticked. */
  offer(models: Model[], state: PickerState): void {
    this.#state = state;
    if (models !== this.#models) this.#make(models);
    for (const { model, price, box } of this.#rows) {
      price.textContent = state.price(model);
      box.checked &&= state.fits(model);
    }
    this.#show();
  }

  #make(models: Model[]): void {
    this.#models = models;
    const sorted = [...models].sort((one, other) => one.name.localeCompare(other.name));
    this.#rows = sorted.map((model, index) => this.#row(model, `nanogpt-compare-${index}`));
    this.#list.empty()[0]!.append(...this.#rows.map(({ element }) => element));
  }

  #row(model: Model, id: string): Row {
    const element = document.createElement('label');
    const box = document.createElement('input');
    const price = makeSpan('', 'nanogpt-price');
    Object.assign(box, { id, type: 'checkbox' });
    element.htmlFor = id;
    element.append(box, ...nameAndAbilities(this.#node, model), price);
    element.title = model.id;
    return { model, element, box, price, words: `${model.name} ${model.id}`.toLowerCase() };
  }

  /** What is ticked stays in sight, and nothing more can be ticked than is compared. */
  #show(): void {
    const words = String(this.#search.val()).toLowerCase().split(/\s+/);
    const isFull = this.chosen.length >= MAX_CHOSEN;
    for (const row of this.#rows) {
      const isFound = words.every((word) => row.words.includes(word));
      row.element.hidden = !row.box.checked && !(isFound && this.#state.fits(row.model));
      row.box.disabled = isFull && !row.box.checked;
    }
  }
}

import type { PriceQuery } from '../../../src/api/models/price.js';
import { type Choice, ChoiceList, makeSpan } from './choice-list.js';
import { Combobox } from './combobox.js';
import type { Ability, Model } from './models.js';
import { priceText } from './price-text.js';
import type { EditedNode } from './red.js';

const ABILITIES: Ability[] = ['text-to-image', 'image-to-image', 'inpainting'];

/** Their names; looked up once, since a list has hundreds. */
const names: Partial<Record<Ability, string>> = {};
let includedName: string | undefined;

/** What a chooser asks of the dialog around it. */
export interface ModelChooserOptions {
  /** Whether the field currently holds the id itself. */
  isLiteral?(): boolean;
  /** What the prices currently depend on. */
  priceQuery?(): PriceQuery;
  /** Whether this service is free. */
  isFree?(): boolean;
}

/** A model as a choice, with the element that shows its price. */
interface ModelChoice extends Choice {
  model: Model;
  price: HTMLElement;
}

/**
 * The models of an account as choices for a text field: found by name and id, with prices and abilities, filtered by
 * ability. Any other id may be typed.
 */
export class ModelChooser {
  readonly #node: EditedNode;
  readonly #options: ModelChooserOptions;
  readonly #combobox: Combobox<ModelChoice>;
  readonly #list: ChoiceList<ModelChoice>;
  readonly #filters: JQuery;
  #choices: ModelChoice[] = [];

  constructor(node: EditedNode, input: JQuery, options: ModelChooserOptions = {}) {
    this.#node = node;
    this.#options = options;
    const status = (fitting: number, all: number): string =>
      node._(fitting > 0 ? 'models.found' : 'models.none', { fitting, all });
    this.#filters = this.#makeFilters();
    this.#list = new ChoiceList<ModelChoice>({ label: node._('models.label'), header: this.#filters, status });
    this.#combobox = new Combobox(input, this.#list, {
      ...(options.isLiteral && { isLiteral: options.isLiteral }),
      onOpen: () => this.#showPrices(),
    });
  }

  /** Offers these models; none = the field is a text field like any other. */
  offer(models: Model[]): void {
    const sorted = [...models].sort((one, other) => one.name.localeCompare(other.name));
    this.#choices = sorted.map((model) => {
      const price = makeSpan('', 'nanogpt-price');
      return {
        model,
        price,
        value: model.id,
        words: `${model.name} ${model.id}`,
        show: () => this.#show(model, price),
      };
    });
    // Some services list only ids.
    this.#filters.toggle(models.some(({ abilities }) => abilities.length > 0));
    this.#combobox.offer(this.#choices);
    // Before the user types.
    setTimeout(() => this.#list.prepare());
  }

  /** Call it when the type of the field may have changed. */
  refresh(): void {
    this.#combobox.refresh();
  }

  #makeFilters(): JQuery {
    const buttons = ABILITIES.map((ability) =>
      $('<button type="button" class="nanogpt-filter" aria-pressed="false">')
        .text(abilityName(this.#node, ability))
        .data('ability', ability),
    );
    const group = $('<div class="nanogpt-filters" role="group">')
      .attr('aria-label', this.#node._('models.filter'))
      .append(buttons);
    return group.on('click', 'button', ({ currentTarget }) => {
      const button = $(currentTarget as Element);
      button.attr('aria-pressed', String(button.attr('aria-pressed') !== 'true'));
      const wanted = buttons
        .filter((each) => each.attr('aria-pressed') === 'true')
        .map((each) => each.data('ability') as Ability);
      this.#list.narrow(({ model }) => wanted.every((ability) => model.abilities.includes(ability)));
    });
  }

  #show(model: Model, price: HTMLElement): HTMLElement[] {
    return [...nameAndAbilities(this.#node, model), price, makeSpan(model.id, 'nanogpt-id')];
  }

  #showPrices(): void {
    const [isFree, query] = [this.#options.isFree?.(), this.#options.priceQuery?.() ?? {}];
    const unknown = this.#choices.some(({ model }) => model.pricing !== undefined) ? this.#node._('price.unknown') : '';
    for (const { model, price } of this.#choices) {
      const text = priceText(this.#node, model, query) ?? priceText(this.#node, model, {});
      price.textContent = isFree ? this.#node._('price.free') : (text ?? unknown);
    }
  }
}

/** The name of a model, its abilities and whether a subscription includes it, as badges. */
export function nameAndAbilities(node: EditedNode, { name, abilities, included }: Model): HTMLElement[] {
  const listed = ABILITIES.filter((ability) => abilities.includes(ability));
  return [
    makeSpan(name, 'nanogpt-name'),
    ...listed.map((ability) => makeSpan(abilityName(node, ability), 'nanogpt-badge')),
    ...(included ? [makeSpan((includedName ??= node._('models.included')), 'nanogpt-badge nanogpt-included')] : []),
  ];
}

function abilityName(node: EditedNode, ability: Ability): string {
  return (names[ability] ??= node._(`models.${ability}`));
}

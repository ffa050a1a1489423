import type { Model } from '../../shared/editor/models.js';
import { priceText } from '../../shared/editor/price-text.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { fieldValue } from '../../shared/editor/field-value.js';
import { knownParameters } from './known-request.js';
import { PLACED_API_FIELDS } from './optional-fields.js';
import { type RequestForecast, toPriceQuery } from './request-forecast.js';

/** A field of the API that the dialog has no setting for, with the values to choose from and their prices. */
interface PriceChoice {
  name: string;
  usual: string;
  options: { value: string | number; price: string }[];
}

/** Lists for the fields of a model that move its price, such as `resolution`. What is chosen is written into the parameters. */
export class PriceChoices {
  readonly #node: EditedNode;
  readonly #place = $('#nanogpt-price-choices');
  readonly #parameters = $('#node-input-parameters');
  #shown = '';

  constructor(node: EditedNode) {
    this.#node = node;
    // What is no setting of the node must not be validated or saved as one.
    this.#place.on('change', 'select', ({ target }) => this.#choose(target as HTMLSelectElement));
  }

  /** Gives the names of the fields that are shown. Parameters that come with the message cannot be written into. */
  show(forecast: RequestForecast): string[] {
    const parameters =
      fieldValue(this.#node, 'parametersType') === 'json' ? knownParameters(this.#node, {}) : undefined;
    const choices = parameters && forecast.model ? findChoices(this.#node, forecast.model, forecast) : [];
    this.#build(choices);
    for (const { name, options } of choices) {
      const set = options.find(({ value }) => value === parameters?.[name]);
      this.#place.find(`[data-field="${name}"]`).val(String(set?.value ?? ''));
    }
    return choices.map(({ name }) => name);
  }

  #build(choices: PriceChoice[]): void {
    const shown = JSON.stringify(choices);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#place.empty().append(choices.map((choice) => this.#row(choice)));
  }

  #row({ name, usual, options }: PriceChoice): JQuery {
    const id = `nanogpt-choice-${name}`;
    const none = usual === '' ? this.#node._('label.notSent') : this.#node._('label.usual', { usual });
    const list = $('<select>')
      .attr({ id, 'data-field': name })
      .append($('<option value="">').text(none))
      .append(options.map(({ value, price }) => $('<option>').val(value).text(`${value} · ${price}`)));
    const label = $('<label>').attr('for', id).append('<i class="fa fa-money"></i>', $('<span>').text(name));
    return $('<div class="form-row">').append(label, ' ', list);
  }

  #choose({ dataset: { field = '' }, value }: HTMLSelectElement): void {
    const { [field]: _, ...others } = knownParameters(this.#node, {}) ?? {};
    const number = Number(value);
    const typed = value !== '' && String(number) === value ? number : value;
    const parameters = value === '' ? others : { ...others, [field]: typed };
    this.#parameters.typedInput('value', JSON.stringify(parameters));
    this.#parameters.trigger('change');
  }
}

/** The fields whose values do not all cost the same. */
function findChoices(node: EditedNode, model: Model, { request, isFree }: RequestForecast): PriceChoice[] {
  if (isFree) return [];
  return Object.entries(model.parameters).flatMap(([name, { values = [], default: usual = '' }]) => {
    if (PLACED_API_FIELDS.has(name) || !/^\w+$/.test(name)) return [];
    const price = (value: string | number): string =>
      priceText(node, model, { ...toPriceQuery(request), [name]: String(value) }) ?? node._('price.unknown');
    const options = values.map((value) => ({ value, price: price(value) }));
    const isMoving = new Set(options.map((option) => option.price)).size > 1;
    return isMoving ? [{ name, usual: String(usual), options }] : [];
  });
}

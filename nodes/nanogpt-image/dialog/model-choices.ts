import type { Model } from '../../shared/editor/models.js';
import { priceText } from '../../shared/editor/price-text.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { fieldValue } from '../../shared/editor/field-value.js';
import { knownParameters } from './known-request.js';
import { PLACED_API_FIELDS } from './optional-fields.js';
import { type RequestForecast, toPriceQuery } from './request-forecast.js';

type Value = string | number | boolean;

/**
 * A field of the API that the dialog has no setting for, with the values
 * to choose from, and their prices where these differ.
 */
interface ModelChoice {
  name: string;
  usual: string;
  options: { value: Value; price?: string }[];
}

/**
 * Lists for the fields of a model that the dialog has no setting for and the model has a list of values for, such as
 * `resolution`. What is chosen is written into the parameters.
 */
export class ModelChoices {
  readonly #node: EditedNode;
  readonly #place = $('#nanogpt-model-choices');
  readonly #parameters = $('#node-input-parameters');
  #choices: ModelChoice[] = [];
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

  #build(choices: ModelChoice[]): void {
    const shown = JSON.stringify(choices);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#choices = choices;
    this.#place.empty().append(choices.map((choice) => this.#row(choice)));
  }

  #row({ name, usual, options }: ModelChoice): JQuery {
    const id = `nanogpt-choice-${name}`;
    const none = usual === '' ? this.#node._('label.notSent') : this.#node._('label.usual', { usual });
    const isPriced = options.some(({ price }) => price !== undefined);
    const list = $('<select>')
      .attr({ id, 'data-field': name })
      .append($('<option value="">').text(none))
      .append(options.map(({ value, price }) => $('<option>').val(String(value)).text(optionText(value, price))));
    const icon = $('<i>').addClass(isPriced ? 'fa fa-money' : 'fa fa-list');
    const label = $('<label>').attr('for', id).append(icon, $('<span>').text(name));
    return $('<div class="form-row">').append(label, ' ', list);
  }

  #choose({ dataset: { field = '' }, value: chosen }: HTMLSelectElement): void {
    const { [field]: _, ...others } = knownParameters(this.#node, {}) ?? {};
    const { options = [] } = this.#choices.find(({ name }) => name === field) ?? {};
    const option = options.find(({ value }) => String(value) === chosen);
    const parameters = option ? { ...others, [field]: option.value } : others;
    this.#parameters.typedInput('value', JSON.stringify(parameters));
    this.#parameters.trigger('change');
  }
}

function optionText(value: Value, price: string | undefined): string {
  return price === undefined ? String(value) : `${value} · ${price}`;
}

/** The fields for which the model lists values, or takes true and false. */
function findChoices(node: EditedNode, model: Model, forecast: RequestForecast): ModelChoice[] {
  return Object.entries(model.parameters).flatMap(([name, { type, values = [], default: usual = '' }]) => {
    if (PLACED_API_FIELDS.has(name) || !/^\w+$/.test(name)) return [];
    const listed: Value[] = type === 'boolean' ? [true, false] : values;
    const options = priceOptions(node, model, forecast, { name, values: listed });
    return options.length > 0 ? [{ name, usual: String(usual), options }] : [];
  });
}

/** The values of a field, with their prices where these differ. */
function priceOptions(
  node: EditedNode,
  model: Model,
  { request, isFree }: RequestForecast,
  { name, values }: { name: string; values: Value[] },
): ModelChoice['options'] {
  const prices = values.map(
    (value) => priceText(node, model, { ...toPriceQuery(request), [name]: String(value) }) ?? node._('price.unknown'),
  );
  const isPriced = !isFree && new Set(prices).size > 1;
  return values.map((value, index) => ({ value, ...(isPriced && { price: prices[index]! }) }));
}

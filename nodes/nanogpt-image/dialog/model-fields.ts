import type { Model, Parameter } from '../../shared/editor/models.js';
import { priceText } from '../../shared/editor/price-text.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { fieldValue } from '../../shared/editor/field-value.js';
import { findInput } from '../../shared/editor/typed-field.js';
import { apiNames, defaults } from '../config.js';
import { OPTIONAL_FIELDS, PLACED_API_FIELDS } from './optional-fields.js';
import { ModelChoices } from './model-choices.js';
import { type RequestForecast, toPriceQuery } from './request-forecast.js';
import { takesField } from './takes-field.js';
import { type OfferedValue, ValueList } from './value-list.js';

/** The settings under "More" that move to the main ones where the model accepts them, in their order there. */
const PROMOTABLE = [...OPTIONAL_FIELDS, 'kontextMaxMode'] as const;

/** The settings for which a model may list values or a range. */
const DESCRIBED = ['size', 'count', ...OPTIONAL_FIELDS] as const;
type Described = (typeof DESCRIBED)[number];

/**
 * Adapts the fields to the model: those it accepts move out of "More", with its values as a list and its range and
 * default as placeholder.
 */
export class ModelFields {
  readonly #node: EditedNode;
  readonly #more = $('#nanogpt-more');
  readonly #rows = this.#more.children('.form-row').get();
  readonly #lists: Record<Described, ValueList>;
  readonly #placeholders: Record<Described, string>;
  readonly #choices: ModelChoices;
  #promoted = '';
  /** Whether the user folded or unfolded "More". */
  #isMoreTouched = false;

  constructor(node: EditedNode) {
    this.#node = node;
    this.#choices = new ModelChoices(node);
    const each = <Value>(make: (name: Described) => Value): Record<Described, Value> =>
      Object.fromEntries(DESCRIBED.map((name) => [name, make(name)])) as Record<Described, Value>;
    this.#lists = each((name) => new ValueList(node, name));
    this.#placeholders = each((name) => findInput(rowField(name)).attr('placeholder') ?? '');
    this.#more.children('summary').on('click', () => (this.#isMoreTouched = true));
  }

  /** Where nothing is known about a model, the fields are as in the form. */
  show(forecast: RequestForecast): void {
    const { model } = forecast;
    this.#promote(model ? PROMOTABLE.filter((name) => takesField(model, name)) : []);
    for (const name of DESCRIBED) {
      this.#lists[name].offer(model ? this.#offeredValues(name, model, forecast) : []);
      findInput(rowField(name)).attr(
        'placeholder',
        (model && this.#usualPlaceholder(name, model)) ?? this.#placeholders[name],
      );
    }
    const chosen = this.#choices.show(forecast);
    const further = Object.entries(model?.parameters ?? {}).filter(
      ([name]) => !PLACED_API_FIELDS.has(name) && !chosen.includes(name),
    );
    $('#nanogpt-further').text(
      further.length > 0 ? this.#node._('tip.further', { fields: further.map(withValues).join(', ') }) : '',
    );
  }

  #promote(names: (typeof PROMOTABLE)[number][]): void {
    if (names.join() === this.#promoted) return;
    this.#promoted = names.join();
    const promoted = names.map((name) => findRow(name)[0]!);
    for (const row of this.#rows) (promoted.includes(row) ? $('#nanogpt-promoted') : this.#more).append(row);
    // Settings in use are not hidden; what the user unfolded stays so.
    const isSet = Object.entries(defaults).some(
      ([name, value]) =>
        this.#more.has(`#node-input-${name}`).length > 0 && fieldValue(this.#node, name) !== String(value),
    );
    if (isSet || !this.#isMoreTouched) this.#more.prop('open', isSet);
  }

  #offeredValues(name: Described, model: Model, { request, isFree }: RequestForecast): OfferedValue[] {
    if (name === 'size') {
      const price = (size: string): string | undefined =>
        isFree ? undefined : priceText(this.#node, model, { ...toPriceQuery(request), size });
      return model.sizes.map((value) => ({ value, ...pricedAt(price(value)) }));
    }
    return (findParameter(model, name)?.values ?? []).map((value) => ({ value: String(value) }));
  }

  #usualPlaceholder(name: Described, model: Model): string | undefined {
    const { min, max, default: usual } = findParameter(model, name) ?? {};
    const hasRange = min !== undefined && max !== undefined;
    if (name === 'count' && model.fixedImages !== undefined) return String(model.fixedImages);
    if (name === 'count')
      return model.maxImages === undefined ? undefined : this.#node._('label.countRange', { max: model.maxImages });
    if (usual !== undefined) return this.#node._(hasRange ? 'label.usualInRange' : 'label.usual', { usual, min, max });
    return hasRange ? this.#node._('label.range', { min, max }) : undefined;
  }
}

function findParameter(model: Model, name: Described): Parameter | undefined {
  return model.parameters[apiNames[name]];
}

function pricedAt(price: string | undefined): { price?: string } {
  return price === undefined ? {} : { price };
}

/** A further API field with its values: "aspect_ratio (1:1, 16:9)". */
function withValues([name, { values }]: [string, Parameter]): string {
  return values && values.length > 0 ? `${name} (${values.join(', ')})` : name;
}

function rowField(name: string): JQuery {
  return $(`#node-input-${name}`);
}

function findRow(name: string): JQuery {
  return rowField(name).closest('.form-row');
}

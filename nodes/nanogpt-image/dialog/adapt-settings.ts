import { plainSize } from '../../../src/api/models/price.js';
import { fieldValue } from '../../shared/editor/field-value.js';
import type { Model } from '../../shared/editor/models.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { type Settings, currentSettings } from '../../shared/editor/settings.js';
import { apiNames } from '../config.js';
import { type Sample, knownParameters, knownValue } from './known-request.js';
import { OPTIONAL_FIELDS } from './optional-fields.js';
import { takesField } from './takes-field.js';

/** The settings that a model may not take as they are. */
const FIELDS = ['size', ...OPTIONAL_FIELDS, 'kontextMaxMode'] as const;
type Field = (typeof FIELDS)[number];

/** API fields that a comparison decides on itself. */
const DECIDED: string[] = [apiNames.model, apiNames.count];

/** The settings of the open dialog as another model takes them. */
export interface AdaptedSettings {
  settings: Settings;
  /** What was left out, as people call it. */
  leftOut: string[];
  /** What may choose a price. */
  priceFields: Record<string, unknown>;
}

/** One image of another model, from the settings of the open dialog. What that model does not take is left out. */
export function adaptSettings(node: EditedNode, model: Model, sample: Sample): AdaptedSettings {
  const known = (name: Field): string | undefined =>
    name === 'kontextMaxMode' ? fieldValue(node, name) : knownValue(node, name, sample);
  const left = FIELDS.filter((name) => fieldValue(node, name).trim() !== '' && !takes(model, name, known(name)));
  const { parameters, leftOut } = adaptParameters(node, model, sample);
  const kept = (name: 'size' | 'quality'): string | undefined => (left.includes(name) ? '' : known(name));
  return {
    settings: {
      ...currentSettings(node),
      ...Object.fromEntries(left.map((name) => [name, ''])),
      model: model.id,
      modelType: 'str',
      count: '',
      parameters: JSON.stringify(parameters),
      parametersType: 'json',
    },
    leftOut: [...left.map((name) => node._(`label.${name}`)), ...leftOut],
    priceFields: { quality: kept('quality'), size: kept('size'), ...parameters },
  };
}

/** What is not known before the message comes is taken on trust; a model whose fields are not listed takes all. */
function takes(model: Model, name: Field, value: string | undefined): boolean {
  if (name === 'size') return isListed(model.sizes.map(plainSize), value === undefined ? undefined : plainSize(value));
  if (!hasListedFields(model)) return true;
  if (!takesField(model, name)) return false;
  const { values = [], min = -Infinity, max = Infinity } = model.parameters[apiNames[name]] ?? {};
  const isOutside = Number(value) < min || Number(value) > max;
  return isListed(values.map(String), value) && !isOutside;
}

function isListed(values: string[], value: string | undefined): boolean {
  return value === undefined || value === '' || values.length === 0 || values.includes(value);
}

function hasListedFields({ parameters }: Model): boolean {
  return Object.keys(parameters).length > 0;
}

/**
 * The further parameters that the model lists. Those that are not known before the message comes could name another
 * model: they are left out.
 */
function adaptParameters(
  node: EditedNode,
  model: Model,
  sample: Sample,
): { parameters: Record<string, unknown>; leftOut: string[] } {
  const known = knownParameters(node, sample);
  if (!known) return { parameters: {}, leftOut: [node._('label.parameters')] };
  const given = Object.entries(known).filter(([name]) => !DECIDED.includes(name));
  const isTaken = ([name]: [string, unknown]): boolean => !hasListedFields(model) || name in model.parameters;
  return {
    parameters: Object.fromEntries(given.filter(isTaken)),
    leftOut: given.filter((entry) => !isTaken(entry)).map(([name]) => name),
  };
}

import { ImageError } from '../../src/errors.js';
import type { RequestFields } from '../../src/generation.js';
import { isObject, toNumber } from '../../src/json.js';
import { longestText } from '../../src/limits.js';
import { apiNames, choices, ranges, reservedParameters } from './config.js';
import { toPlainJson } from './plain-json.js';

/** Checks one value and returns it in the type that is sent. `field` is its name for a person. */
type Check = (value: unknown, field: string) => string | number | boolean;

/** The settings of the node that are API fields, with their checks. */
export const apiFields = {
  model: { name: apiNames.model, check: checkText },
  count: { name: apiNames.count, check: numberCheck(ranges.count) },
  size: { name: apiNames.size, check: checkText },
  negativePrompt: { name: apiNames.negativePrompt, check: checkText },
  quality: { name: apiNames.quality, check: checkText },
  outputFormat: { name: apiNames.outputFormat, check: checkText },
  seed: { name: apiNames.seed, check: numberCheck(ranges.seed) },
  strength: { name: apiNames.strength, check: numberCheck(ranges.strength) },
  guidanceScale: { name: apiNames.guidanceScale, check: numberCheck(ranges.guidanceScale) },
  steps: { name: apiNames.steps, check: numberCheck(ranges.steps) },
  user: { name: apiNames.user, check: checkText },
} as const satisfies Record<string, { name: keyof RequestFields; check: Check }>;

/** The fields that are not TypedInputs. */
const otherFields: { name: keyof RequestFields; check: Check }[] = [
  { name: apiNames.responseFormat, check: choiceCheck(choices.responseFormat) },
  { name: apiNames.kontextMaxMode, check: checkFlag },
];

const checks = new Map<string, Check>(
  [...Object.values(apiFields), ...otherFields].map(({ name, check }) => [name, check]),
);

/** One value for the request, with its name for a person. */
export interface FieldValue {
  value: unknown;
  field: string;
}

/**
 * The fields of a request by API name; blank values are left out, fields that the API does not define go into `extra`.
 *
 * @throws ImageError `invalid_input` naming the field.
 */
export function toFields(values: Map<string, FieldValue>): RequestFields & { extra: Record<string, unknown> } {
  const fields: Record<string, unknown> = {};
  const extra: Record<string, unknown> = {};
  for (const [name, { value, field }] of values) {
    const check = checks.get(name);
    if (!check) extra[name] = value;
    else if (!isBlank(value)) fields[name] = check(value, field);
  }
  return { extra, ...fields };
}

/**
 * Further API fields by name, from the node's `parameters`.
 *
 * @throws ImageError `invalid_input` where it is not an object that JSON can hold, or sets a reserved field.
 */
export function readParameters(value: unknown, field: string): Map<string, FieldValue> {
  if (value === undefined || value === null) return new Map();
  if (!isObject(value) || ArrayBuffer.isView(value))
    throw new ImageError('invalid_input', 'bad_parameters', { field, found: describeValue(value) });
  const object = toPlainJson(value);
  if (!isObject(object)) throw new ImageError('invalid_input', 'parameters_too_large', { field });
  const name = Object.keys(object).find((key) => reservedParameters.has(key));
  if (name !== undefined) throw new ImageError('invalid_input', 'reserved_parameter', { name });
  return new Map(Object.entries(object).map(([key, entry]) => [key, { value: entry, field: `${field}.${key}` }]));
}

/** Whether a value counts as not filled in. A text that is too long is not examined. */
export function isBlank(value: unknown): boolean {
  if (typeof value !== 'string') return value === undefined || value === null;
  return value.length <= longestText && value.trim() === '';
}

/** Describes a value in an error message: never a long text, which may be a prompt. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  if (typeof value === 'string') return value.length <= 20 ? `“${value}”` : 'a longer text';
  if (ArrayBuffer.isView(value)) return 'a Buffer';
  return Array.isArray(value) ? 'an array' : `of type ${typeof value}`;
}

function checkText(value: unknown, field: string): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string')
    throw new ImageError('invalid_input', 'bad_text', { field, found: describeValue(value) });
  if (value.length > longestText) throw new ImageError('too_large', 'text_too_long', { field, limit: longestText });
  return value.trim();
}

/** A range with one end, or none, has its own message. */
function numberCheck({ min, max, whole }: { min: number; max: number; whole: boolean }): Check {
  const isOpen = max === Number.MAX_SAFE_INTEGER;
  const unlimited = min === Number.MIN_SAFE_INTEGER ? 'bad_seed' : 'bad_whole_number';
  const key = isOpen ? unlimited : whole ? 'bad_whole_range' : 'bad_range';
  return (value, field) => {
    const found = toNumber(value);
    if (found !== undefined && found >= min && found <= max && (!whole || Number.isSafeInteger(found))) return found;
    throw new ImageError('invalid_input', key, { field, min, max, found: describeValue(value) });
  };
}

function choiceCheck(allowed: readonly string[]): Check {
  return (value, field) => {
    if (typeof value === 'string' && allowed.includes(value)) return value;
    throw badChoice(value, field, allowed);
  };
}

function checkFlag(value: unknown, field: string): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw badChoice(value, field, choices.kontextMaxMode);
}

function badChoice(value: unknown, field: string, allowed: readonly string[]): ImageError {
  return new ImageError('invalid_input', 'bad_choice', {
    field,
    choices: allowed.join(', '),
    found: describeValue(value),
  });
}

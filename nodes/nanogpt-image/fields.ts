import { ImageError } from '../../src/errors.js';
import type { RequestFields } from '../../src/generation.js';
import { isObject, toNumber } from '../../src/json.js';
import type { MessageKey } from '../../src/messages.js';
import { apiNames } from './config.js';

/** Checks one value and gives it in the type that is sent. `field` is its name for a person. */
type Check = (value: unknown, field: string) => string | number | boolean;

/** The settings of the node that are fields of the API, and how each is checked. */
export const apiFields = {
  model: { name: apiNames.model, check: text },
  count: { name: apiNames.count, check: number('bad_whole_number', 1) },
  size: { name: apiNames.size, check: text },
  negativePrompt: { name: apiNames.negativePrompt, check: text },
  quality: { name: apiNames.quality, check: text },
  outputFormat: { name: apiNames.outputFormat, check: text },
  seed: { name: apiNames.seed, check: number('bad_seed', -Infinity) },
  strength: { name: apiNames.strength, check: number('bad_range', 0, 1) },
  guidanceScale: { name: apiNames.guidanceScale, check: number('bad_range', 0, 20) },
  steps: { name: apiNames.steps, check: number('bad_whole_range', 1, 100) },
  user: { name: apiNames.user, check: text },
} as const satisfies Record<string, { name: keyof RequestFields; check: Check }>;

/** The fields that are not TypedInputs. */
const otherFields: { name: keyof RequestFields; check: Check }[] = [
  { name: apiNames.responseFormat, check: choice('b64_json', 'url') },
  { name: apiNames.kontextMaxMode, check: flag },
];

const checks = new Map<string, Check>(
  [...Object.values(apiFields), ...otherFields].map(({ name, check }) => [name, check]),
);

/** Fields that the message and the dialog decide, or whose answers are not understood. */
const reserved = new Set(['prompt', 'stream', 'partial_images', 'imageDataUrl', 'imageDataUrls', 'maskDataUrl']);

/** One value on its way into the request, with its name for a person. */
export interface Given {
  value: unknown;
  field: string;
}

/**
 * The fields of a request from what was set, by API name; what is blank is left out, what the API does not define is `extra`.
 *
 * @throws ImageError `invalid_input` naming the field.
 */
export function toFields(given: Map<string, Given>): RequestFields & { extra: Record<string, unknown> } {
  const fields: Record<string, unknown> = {};
  const extra: Record<string, unknown> = {};
  for (const [name, { value, field }] of given) {
    const check = checks.get(name);
    if (!check) extra[name] = value;
    else if (!isBlank(value)) fields[name] = check(value, field);
  }
  return { ...fields, extra };
}

/**
 * Further API fields by their API names, from the node's `parameters`.
 *
 * @throws ImageError `invalid_input` where it is no object that JSON can hold, or sets what cannot be set there.
 */
export function readParameters(value: unknown, field: string): Map<string, Given> {
  if (value === undefined || value === null) return new Map();
  const object = isObject(value) && !ArrayBuffer.isView(value) ? plain(value) : undefined;
  if (!object) throw new ImageError('invalid_input', 'bad_parameters', { field, found: describeValue(value) });
  const name = Object.keys(object).find((key) => reserved.has(key));
  if (name !== undefined) throw new ImageError('invalid_input', 'reserved_parameter', { name });
  return new Map(Object.entries(object).map(([key, entry]) => [key, { value: entry, field: `${field}.${key}` }]));
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** What JSON makes of an object; undefined where it cannot, as with an object that holds itself. */
function plain(value: Record<string, unknown>): Record<string, unknown> | undefined {
  try {
    return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** What a value is, for an error's sentence: never a long text, which may be somebody's prompt. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  if (typeof value === 'string') return value.length <= 20 ? `“${value}”` : 'a longer text';
  if (ArrayBuffer.isView(value)) return 'a Buffer';
  return Array.isArray(value) ? 'an array' : `of type ${typeof value}`;
}

function text(value: unknown, field: string): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string')
    throw new ImageError('invalid_input', 'bad_text', { field, found: describeValue(value) });
  return value.trim();
}

function number(key: MessageKey, least: number, most = Infinity): Check {
  return (value, field) => {
    const found = toNumber(value);
    const whole = key !== 'bad_range';
    if (found !== undefined && found >= least && found <= most && (!whole || Number.isSafeInteger(found))) return found;
    throw new ImageError('invalid_input', key, { field, least, most, found: describeValue(value) });
  };
}

function choice(...choices: string[]): Check {
  return (value, field) => {
    if (typeof value === 'string' && choices.includes(value)) return value;
    throw new ImageError('invalid_input', 'bad_choice', {
      field,
      choices: choices.join(', '),
      found: describeValue(value),
    });
  };
}

function flag(value: unknown, field: string): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new ImageError('invalid_input', 'bad_choice', { field, choices: 'true, false', found: describeValue(value) });
}

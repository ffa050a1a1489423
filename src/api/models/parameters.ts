import { defined } from '../../defined.js';
import { isObject, toNumber } from '../../json.js';

/** What a model accepts in one field of a request; absent where the list does not say. */
export interface Parameter {
  type?: 'enum' | 'range' | 'boolean';
  values?: (string | number)[];
  min?: number;
  max?: number;
  default?: string | number | boolean;
}

/** Names of API fields in the lists. */
const fieldNames = new Map([
  ['resolutions', 'size'],
  ['max_images', 'n'],
]);

/** Names of what is not sent as a field: input images have places of their own in a request. */
const notFields = new Set(['input_references', 'fixed_image_count']);

const types = ['enum', 'range', 'boolean'] as const;

/**
 * What a model accepts, by API name, from typed descriptors such as `{type: 'range', min, max}` and
 * `{type: 'enum', values, default}` (NanoGPT docs: image models). A plain list or number does not say that these are
 * the only fields, so it is ignored.
 */
export function readParameters(listed: Record<string, unknown>): Record<string, Parameter> {
  const described = Object.entries(listed).flatMap(([name, value]) =>
    isDescriptor(value) && !notFields.has(name) ? [[toFieldName(name, listed), value] as const] : [],
  );
  return Object.fromEntries(described.map(([field, descriptor]) => [field, readParameter(field, descriptor)]));
}

/** A size as it is sent: pixels with an `x`, other names such as `2K` unchanged. */
function sentSize(size: string): string {
  return size.trim().replace(/^(\d+)\s*[*×]\s*(\d+)$/, '$1x$2');
}

/** The sizes that a model lists, as they are sent, under whatever name. */
export function readSizes(listed: Record<string, unknown>): string[] {
  return readValues(listed.resolutions ?? listed.size ?? listed.resolution).map(sentSize);
}

/**
 * Whether `resolution` is what `POST /v1/images/generations` calls `size`: a model that lists sizes of its own beside
 * it takes both.
 */
function toFieldName(name: string, listed: Record<string, unknown>): string {
  if (name !== 'resolution') return fieldNames.get(name) ?? name;
  const sizes = readValues(listed.resolutions ?? listed.size).map(sentSize);
  const isSize = sizes.length === 0 || readValues(listed.resolution).some((value) => sizes.includes(sentSize(value)));
  return isSize ? 'size' : name;
}

/** A plain list, or a descriptor `{type: 'enum', values}`. */
function readValues(value: unknown): string[] {
  const list = isObject(value) ? value.values : value;
  return Array.isArray(list) ? list.filter((item): item is string => typeof item === 'string') : [];
}

function isDescriptor(value: unknown): value is Record<string, unknown> {
  return isObject(value) && (typeof value.type === 'string' || Array.isArray(value.values));
}

function readParameter(field: string, { type, values, min, max, default: usual }: Record<string, unknown>): Parameter {
  const sent = <Value>(value: Value): Value | string =>
    field === 'size' && typeof value === 'string' ? sentSize(value) : value;
  return defined({
    type: types.find((known) => known === type),
    values: Array.isArray(values) ? values.filter(isChoice).map(sent) : undefined,
    min: toNumber(min),
    max: toNumber(max),
    default: isChoice(usual) || typeof usual === 'boolean' ? sent(usual) : undefined,
  });
}

function isChoice(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

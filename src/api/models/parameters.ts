import { isObject, toNumber } from '../../json.js';

/** What a model accepts in one field of a request; absent where the list does not say. */
export interface Parameter {
  values?: (string | number)[];
  least?: number;
  most?: number;
  default?: string | number | boolean;
}

/** Names of API fields in the lists. */
const fieldNames = new Map([
  ['resolutions', 'size'],
  ['max_images', 'n'],
]);

/**
 * What a model accepts, by API name, from typed descriptors such as `{type: 'range', min, max}` and
 * `{type: 'enum', values, default}` (NanoGPT docs: image models). A plain list or number does not say that these are the only
 * fields, so it is ignored.
 */
export function readParameters(listed: Record<string, unknown>): Record<string, Parameter> {
  const described = Object.entries(listed).flatMap(([name, value]) =>
    isDescriptor(value) ? [[fieldNames.get(name) ?? name, value] as const] : [],
  );
  return Object.fromEntries(described.map(([field, descriptor]) => [field, readParameter(field, descriptor)]));
}

/** A size as it is sent: pixels with an `x`, other names such as `2K` unchanged. */
export function sentSize(size: string): string {
  return size.trim().replace(/^(\d+)\s*[*×]\s*(\d+)$/, '$1x$2');
}

function isDescriptor(value: unknown): value is Record<string, unknown> {
  return isObject(value) && (typeof value.type === 'string' || Array.isArray(value.values));
}

function readParameter(field: string, { values, min, max, default: usual }: Record<string, unknown>): Parameter {
  const [least, most] = [toNumber(min), toNumber(max)];
  const sent = <Value>(value: Value): Value | string =>
    field === 'size' && typeof value === 'string' ? sentSize(value) : value;
  return {
    ...(Array.isArray(values) && { values: values.filter(isChoice).map(sent) }),
    ...(least !== undefined && { least }),
    ...(most !== undefined && { most }),
    ...((isChoice(usual) || typeof usual === 'boolean') && { default: sent(usual) }),
  };
}

function isChoice(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

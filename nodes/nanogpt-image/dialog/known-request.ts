import type { EditedNode } from '../../shared/editor/red.js';
import { fieldValue } from '../../shared/editor/field-value.js';
import { isLiteral, isVariable } from '../../shared/editor/validators.js';
import { type NanogptImageConfig, apiNames } from '../config.js';

/**
 * The value of a field as far as it is known before a message comes: '' = not sent; undefined = the message, the flow
 * or the environment decides.
 */
export type Known = string | undefined;

/** Properties of a message by path, such as `payload` or `payload.name`. */
export type Sample = Record<string, string>;

/** What is known of a request in advance, as far as its price or its success depends on it. */
export interface KnownRequest {
  model: Known;
  count: Known;
  size: Known;
  /** The further parameters and the quality, which may affect the price. */
  priceFields: Record<string, unknown>;
  /** Whether the message may still affect the price. */
  isOpen: boolean;
}

/** A setting that is a TypedInput. */
type TypedSetting = {
  [Name in keyof NanogptImageConfig]: `${Name}Type` extends keyof NanogptImageConfig ? Name : never;
}[keyof NanogptImageConfig];

const namesOfApi = new Set<string>(Object.values(apiNames));

/**
 * Reads the open dialog like the runtime, where the further parameters win; with a sample, as if that were the message.
 */
export function knownRequest(node: EditedNode, sample: Sample = {}): KnownRequest {
  const parameters = knownParameters(node, sample);
  const known = (name: keyof typeof apiNames & TypedSetting): Known => {
    const further = parameters?.[apiNames[name]];
    return further === undefined ? knownValue(node, name, sample) : toKnown(further);
  };
  const quality = known('quality');
  const further = Object.entries(parameters ?? {}).filter(([name]) => !namesOfApi.has(name));
  return {
    model: known('model'),
    count: known('count'),
    size: known('size'),
    priceFields: { ...Object.fromEntries(further), quality },
    isOpen: parameters === undefined || quality === undefined,
  };
}

/** The known value of a TypedInput in the open dialog. */
export function knownValue(node: EditedNode, name: TypedSetting, sample: Sample = {}): Known {
  const [value, type] = [fieldValue(node, name).trim(), fieldValue(node, `${name}Type`)];
  if (value === '') return '';
  if (type === 'msg') return sample[value];
  return isLiteral(type, value) ? value : undefined;
}

/** The further parameters; undefined = they come with the message. What cannot be read is marked at its field. */
export function knownParameters(node: EditedNode, sample: Sample): Record<string, unknown> | undefined {
  const json = knownValue(node, 'parameters', sample);
  if (json === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(json || '{}');
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

function toKnown(value: unknown): Known {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  return isVariable(text) ? undefined : text;
}

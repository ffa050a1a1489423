import { defined } from '../../defined.js';
import { asObject, toNumber } from '../../json.js';

/** What a model takes of input images; what its list does not say is absent. */
export interface InputLimits {
  /** Fewest and most images in one request. */
  min?: number;
  max?: number;
  /** Largest file, in bytes, before it is encoded. */
  bytes?: number;
  /** Mime types, as `image/png`. */
  formats?: string[];
  /** Smallest sides, in pixels. */
  minWidth?: number;
  minHeight?: number;
}

/**
 * The limits in an entry of a list and in its page of endpoints (NanoGPT
 * docs: image models); undefined where neither names one.
 */
export function readInputLimits(entry: Record<string, unknown>): InputLimits | undefined {
  const range = member(entry.supported_parameters, 'input_references');
  const constraints = entry.input_reference_constraints;
  const route = { ...asObject(constraints), ...asObject(member(constraints, 'route')) };
  const formats = Array.isArray(route.formats) ? route.formats.filter((name) => typeof name === 'string') : [];
  const limits = defined({
    min: toNumber(member(range, 'min')),
    max: positive(member(constraints, 'max_items')) ?? toNumber(member(range, 'max')),
    bytes: positive(route.max_bytes),
    formats: formats.length > 0 ? formats.map(toMime) : undefined,
    minWidth: positive(route.min_width),
    minHeight: positive(route.min_height),
  });
  return Object.keys(limits).length > 0 ? limits : undefined;
}

function member(value: unknown, name: string): unknown {
  return asObject(value)[name];
}

function positive(value: unknown): number | undefined {
  const number = toNumber(value);
  return number !== undefined && number > 0 ? number : undefined;
}

function toMime(format: string): string {
  const name = format
    .trim()
    .toLowerCase()
    .replace(/^image\//, '');
  return `image/${name === 'jpg' ? 'jpeg' : name}`;
}

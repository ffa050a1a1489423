import { defined } from '../../defined.js';
import type { Mode } from '../../generation.js';
import { asObject, isObject, toNumber } from '../../json.js';
import { type InputLimits, readInputLimits } from './input-limits.js';
import { type Parameter, readParameters, readSizes } from './parameters.js';
import { priceRequest } from './price.js';

/** What a model can do: the modes of the requests that it takes. */
export type Ability = Mode;

/** One model as the service lists it; unknown properties are absent. */
export interface Model {
  id: string;
  name: string;
  abilities: Ability[];
  /** As they are sent: `1024x1024`. */
  sizes: string[];
  /** Most images in one request. */
  maxImages?: number;
  /** Number of images that it always makes, whatever the request says. */
  fixedImages?: number;
  /** One image at the first size that has a price, in `currency`. Absent = unknown, never free. */
  price?: number;
  currency?: string;
  /** As it is listed, for `priceRequest`. */
  pricing?: unknown;
  /** A subscription covers it. */
  included?: true;
  /** The day from which the service does not offer it any more (ISO 8601, `2026-12-01`). */
  shutdownDate?: string;
  /** What it accepts, by API name; empty where the list does not say. */
  parameters: Record<string, Parameter>;
  /** What it takes of input images. */
  inputs?: InputLimits;
  /** The service has a page with more about it, which `ModelList.findModel` reads. */
  hasPage?: true;
}

/** So many models of a list are read; no service has more, and each takes its time. */
const maxModels = 2000;

/**
 * The entries of a list of models, wherever it stands: a list, its names alone, or an object by name; undefined where
 * there is none.
 */
export function findEntries(body: unknown): unknown[] | undefined {
  const list = isObject(body) ? (findList(body) ?? namedEntries(body)) : body;
  if (!Array.isArray(list)) return undefined;
  const entries: unknown[] = list.slice(0, maxModels);
  return entries.every((entry) => typeof entry === 'string') ? entries.map((id) => ({ id })) : entries;
}

/** OpenAI, Ollama, Cloudflare, others; one of these may hold another. */
function findList({ data, models, result, items }: Record<string, unknown>): unknown[] | undefined {
  const places = [data, models, result, items];
  return places.find(Array.isArray) ?? places.filter(isObject).map(findList).find(Array.isArray);
}

/** An object that holds the models by their ids. */
function namedEntries(body: Record<string, unknown>): unknown[] | undefined {
  const entries = Object.entries(body);
  const isList = entries.length > 0 && entries.every(([id, entry]) => isObject(entry) && /[/-]/.test(id));
  return isList ? entries.map(([id, entry]) => ({ id, ...(entry as object) })) : undefined;
}

/** The models in a list of the service (NanoGPT docs: image models); entries without an id are left out. */
export function readModels(body: unknown): Model[] {
  return (findEntries(body) ?? []).filter(isObject).flatMap((entry) => readEntry(entry) ?? []);
}

/** One model of a list; undefined where it has no id. */
export function readEntry(entry: Record<string, unknown>): Model | undefined {
  const id = entry.id ?? entry.model ?? entry.name ?? entry.model_name;
  if (typeof id !== 'string' || id === '') return undefined;
  const parameters = asObject(entry.supported_parameters);
  const maxImages = readMaximum(parameters.max_images ?? parameters.n);
  const fixedImages = readMaximum(parameters.fixed_image_count ?? entry.fixed_image_count);
  const sizes = readSizes(parameters);
  return {
    id,
    name: typeof entry.name === 'string' && entry.name !== '' ? entry.name : id,
    abilities: abilities(entry),
    sizes,
    ...defined({
      maxImages,
      fixedImages,
      pricing: entry.pricing ?? undefined,
      included: entry.included === true ? (true as const) : undefined,
      shutdownDate: readDay(entry.shutdown_date),
    }),
    ...listPrice(entry, sizes),
    parameters: readParameters(parameters),
    ...defined({
      inputs: readInputLimits(entry),
      hasPage: typeof entry.endpoints === 'string' ? (true as const) : undefined,
    }),
  };
}

/** A date as text, or in seconds since the epoch. */
function readDay(value: unknown): string | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : (toNumber(value) ?? NaN) * 1000;
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString().slice(0, 10) : undefined;
}

function abilities({ capabilities, architecture }: Record<string, unknown>): Ability[] {
  if (!isObject(capabilities)) return [];
  const inputs =
    isObject(architecture) && Array.isArray(architecture.input_modalities) ? architecture.input_modalities : ['text'];
  return [
    ...(capabilities.image_generation === true && inputs.includes('text') ? (['text-to-image'] as const) : []),
    ...(capabilities.image_to_image === true ? (['image-to-image'] as const) : []),
    ...(capabilities.inpainting === true ? (['inpainting'] as const) : []),
  ];
}

/** A plain number, or a descriptor `{type: 'range', max}` or `{type: 'enum', values}`. */
function readMaximum(value: unknown): number | undefined {
  const numbers = isObject(value)
    ? [value.max, ...(Array.isArray(value.values) ? (value.values as unknown[]) : [])]
    : [value];
  return numbers
    .map(toNumber)
    .reduce(
      (highest, number) => (number !== undefined && number >= Math.max(1, highest ?? 1) ? number : highest),
      undefined,
    );
}

/** What an image costs at the first size that has a price. */
function listPrice({ pricing }: Record<string, unknown>, sizes: string[]): { price?: number; currency?: string } {
  const price = [...sizes, ''].map((size) => priceRequest(pricing, { size })).find((found) => found !== undefined);
  return price ? { price: price.amount, currency: price.currency } : {};
}

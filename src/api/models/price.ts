import { isObject, toNumber } from '../../json.js';

/** The fields of a request by their API names; those that do not affect the price are ignored. */
export type PriceQuery = Readonly<Record<string, unknown>>;

/** One image's price in the list's currency. */
export interface Price {
  amount: number;
  currency: string;
}

/** Price lists nest at most this deep. */
const maxDepth = 5;

/** The fields with price tiers (NanoGPT docs: image models). Other fields, such as `moderation: low`, select none. */
export const tierFields = ['size', 'resolution', 'aspect_ratio', 'quality', 'rendering_speed', 'speed'];

/**
 * The price of one image, in whatever shape the list gives it (NanoGPT docs: image models): a number, one for each size
 * (`1024*1024`), speed or quality, or these nested. Where the request leaves it open, the highest that may apply;
 * undefined = unknown, never free.
 */
export function priceRequest(pricing: unknown, query: PriceQuery): Price | undefined {
  return findPrice(pricing, query, Math.max);
}

/** The lowest price of one image that may apply: the price itself unless the request leaves it open. */
export function lowestPrice(pricing: unknown, query: PriceQuery): Price | undefined {
  return findPrice(pricing, query, Math.min);
}

/** Chooses one of several amounts. */
type Choose = (...amounts: number[]) => number;

function findPrice(pricing: unknown, query: PriceQuery, choose: Choose): Price | undefined {
  const list = isObject(pricing) ? pricing : { per_image: pricing };
  const tiers = tierFields.map((field) => query[field]).filter((value) => typeof value === 'string');
  const amount = findAmount(list.per_image, tiers.map(plainSize), { choose, depth: maxDepth });
  return amount === undefined
    ? undefined
    : { amount, currency: typeof list.currency === 'string' ? list.currency.toUpperCase() : 'USD' };
}

/** A size in a comparable form: lists write it with `x` or with `*`. */
export function plainSize(size: string): string {
  return size.trim().toLowerCase().replace(/[*×]/g, 'x');
}

/** The price in a tree of tiers; undefined where a tier that may apply cannot be read. */
function findAmount(
  value: unknown,
  tiers: string[],
  { choose, depth }: { choose: Choose; depth: number },
): number | undefined {
  if (!isObject(value)) return readAmount(value);
  const entries = Object.entries(value).map(([name, entry]) => [plainSize(name), entry] as const);
  const chosen = entries.filter(([name]) => tiers.includes(name));
  // A size that is not listed may cost more than all that are.
  const isUnlisted = chosen.length === 0 && tiers.some(isPixelSize) && entries.every(([name]) => isPixelSize(name));
  if (isUnlisted || depth === 0) return undefined;
  const prices = (chosen.length > 0 ? chosen : entries).map(([, entry]) =>
    findAmount(entry, tiers, { choose, depth: depth - 1 }),
  );
  return prices.length > 0 && prices.every((price) => price !== undefined) ? choose(...prices) : undefined;
}

function readAmount(value: unknown): number | undefined {
  const amount = toNumber(value);
  return amount !== undefined && amount >= 0 ? amount : undefined;
}

function isPixelSize(name: string): boolean {
  return /^\d+x\d+$/.test(name);
}

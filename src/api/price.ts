import { isObject, toNumber } from '../json.js';

/** What a price depends on. */
export interface Wanted {
  /** As it is sent; absent = the model's own. */
  size?: string;
  /** Values that may choose a price, such as a rendering speed or a quality. */
  options: string[];
}

/** One picture's price in the list's currency. */
export interface Price {
  amount: number;
  currency: string;
}

/** Prices lie at most this deep in one another. */
const deepest = 5;

/**
 * The price of one picture, from whatever shape the list gives it in (NanoGPT docs: image models): a number, one a size
 * (`1024*1024`), one a speed or quality, or these nested. Where the request leaves it open, the highest that may apply; undefined
 * = unknown, which is never free.
 */
export function priceOf(pricing: unknown, { size = '', options }: Wanted): Price | undefined {
  const list = isObject(pricing) ? pricing : { per_image: pricing };
  const amount = highest(list.per_image, [size, ...options].map(plainSize), deepest);
  return amount === undefined ? undefined : { amount, currency: typeof list.currency === 'string' ? list.currency.toUpperCase() : 'USD' };
}

/** Sizes are written with `x` in one place and with `*` in the other. */
export function plainSize(size: string): string {
  return size.trim().toLowerCase().replace(/[*×]/g, 'x');
}

/** The highest price in a tree of which the wanted branches are known; undefined where any price that may apply cannot be read. */
function highest(value: unknown, wanted: string[], depth: number): number | undefined {
  if (!isObject(value)) return amountIn(value);
  const entries = Object.entries(value).map(([name, entry]) => [plainSize(name), entry] as const);
  const chosen = entries.filter(([name]) => wanted.includes(name));
  // Another size than those listed may cost more than all of them.
  const isUnlisted = chosen.length === 0 && wanted.some(isPixelSize) && entries.every(([name]) => isPixelSize(name));
  if (isUnlisted || depth === 0) return undefined;
  const prices = (chosen.length > 0 ? chosen : entries).map(([, entry]) => highest(entry, wanted, depth - 1));
  return prices.length > 0 && prices.every((price) => price !== undefined) ? Math.max(...prices) : undefined;
}

function amountIn(value: unknown): number | undefined {
  const amount = toNumber(value);
  return amount !== undefined && amount >= 0 ? amount : undefined;
}

function isPixelSize(name: string): boolean {
  return /^\d+x\d+$/.test(name);
}

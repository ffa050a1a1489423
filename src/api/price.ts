import { isObject } from '../json.js';

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

/**
 * The price of one picture, from whatever shape the list gives it in (NanoGPT docs: image models): a number, one a size
 * (`1024*1024`), one a speed or quality, or these nested. Where the request leaves it open, the highest that may apply; undefined
 * = unknown, which is never free.
 */
export function priceOf(pricing: unknown, wanted: Wanted): Price | undefined {
  if (typeof pricing === 'number') return pricing >= 0 ? { amount: pricing, currency: 'USD' } : undefined;
  if (!isObject(pricing)) return undefined;
  const { currency } = pricing;
  const amount = highest(pricing.per_image ?? pricing.image ?? pricing.price ?? pricing.cost, { ...wanted, options: [...wanted.options, wanted.size ?? ''].map(plainSize) });
  return amount === undefined ? undefined : { amount, currency: typeof currency === 'string' ? currency.toUpperCase() : 'USD' };
}

/** Sizes are written with `x` in one place and with `*` in the other. */
export function plainSize(size: string): string {
  return size.trim().toLowerCase().replace(/[*×]/g, 'x');
}

/** The highest price in a tree of which the wanted branches are known; undefined where any price that may apply cannot be read. */
function highest(value: unknown, wanted: Wanted): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined;
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  const chosen = entries.filter(([name]) => wanted.options.includes(plainSize(name)));
  const prices = (chosen.length > 0 ? chosen : entries).map(([, entry]) => highest(entry, wanted));
  return prices.length > 0 && prices.every((price) => price !== undefined) ? Math.max(...prices) : undefined;
}

import { isObject, toNumber } from '../../json.js';

/** What a price depends on. */
export interface PriceQuery {
  /** As it is sent; absent = the model's own. */
  size?: string;
  /** Values that may choose a price, such as a rendering speed or a quality. */
  options: string[];
}

/** One image's price in the list's currency. */
export interface Price {
  amount: number;
  currency: string;
}

/** Prices lie at most this deep in one another. */
const deepest = 5;

/**
 * The price of one image, from whatever shape the list gives it in (NanoGPT docs: image models): a number, one a size
 * (`1024*1024`), one a speed or quality, or these nested. Where the request leaves it open, the highest that may apply; undefined
 * = unknown, which is never free.
 */
export function priceRequest(pricing: unknown, wanted: PriceQuery): Price | undefined {
  return among(pricing, wanted, Math.max);
}

/** The lowest price of one image that may apply. It is that of `priceOf` unless the request leaves open what the price depends on. */
export function lowestPrice(pricing: unknown, wanted: PriceQuery): Price | undefined {
  return among(pricing, wanted, Math.min);
}

/** Chooses one of several amounts. */
type Choose = (...amounts: number[]) => number;

function among(pricing: unknown, { size = '', options }: PriceQuery, choose: Choose): Price | undefined {
  const list = isObject(pricing) ? pricing : { per_image: pricing };
  const amount = amountIn(list.per_image, [size, ...options].map(plainSize), { choose, depth: deepest });
  return amount === undefined
    ? undefined
    : { amount, currency: typeof list.currency === 'string' ? list.currency.toUpperCase() : 'USD' };
}

/** Sizes are written with `x` in one place and with `*` in the other. */
export function plainSize(size: string): string {
  return size.trim().toLowerCase().replace(/[*×]/g, 'x');
}

/** One price in a tree of which the wanted branches are known; undefined where any price that may apply cannot be read. */
function amountIn(
  value: unknown,
  wanted: string[],
  { choose, depth }: { choose: Choose; depth: number },
): number | undefined {
  if (!isObject(value)) return readAmount(value);
  const entries = Object.entries(value).map(([name, entry]) => [plainSize(name), entry] as const);
  const chosen = entries.filter(([name]) => wanted.includes(name));
  // Another size than those listed may cost more than all of them.
  const isUnlisted = chosen.length === 0 && wanted.some(isPixelSize) && entries.every(([name]) => isPixelSize(name));
  if (isUnlisted || depth === 0) return undefined;
  const prices = (chosen.length > 0 ? chosen : entries).map(([, entry]) =>
    amountIn(entry, wanted, { choose, depth: depth - 1 }),
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

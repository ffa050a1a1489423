import { type PriceQuery, lowestPrice, priceRequest } from '../../../src/api/models/price.js';
import { formatMoney } from './format.js';
import type { Model } from './models.js';
import type { EditedNode } from './red.js';

/** How a price is shown. */
export interface PriceTextOptions {
  /** How many images it is for; 1 by default. */
  images?: number;
  /** In place of the currency. */
  unit?: string | undefined;
}

/**
 * The price of images of a model: "0.04 USD", or "up to 0.04 USD" where the request leaves it open; undefined =
 * unknown.
 */
export function priceText(
  node: EditedNode,
  { pricing }: Model,
  query: PriceQuery,
  { images = 1, unit }: PriceTextOptions = {},
): string | undefined {
  return totalText(node, [{ pricing, query, images }], unit);
}

/** One of several requests, for their price together. */
export interface PricedRequest {
  /** As the model's list has it. */
  pricing: unknown;
  query: PriceQuery;
  images: number;
}

/** What several requests cost together; undefined where that of one is unknown, or in another currency. */
export function totalText(node: EditedNode, requests: PricedRequest[], unit?: string): string | undefined {
  const prices = requests.map(({ pricing, query }) => priceRequest(pricing, query));
  const currencies = new Set(prices.map((price) => price?.currency));
  const [currency] = currencies;
  if (currencies.size !== 1 || currency === undefined) return undefined;
  const sum = (amounts: (number | undefined)[]): number =>
    requests.reduce((total, { images }, index) => total + (amounts[index] ?? 0) * images, 0);
  const highest = sum(prices.map((price) => price?.amount));
  const lowest = sum(requests.map(({ pricing, query }) => lowestPrice(pricing, query)?.amount));
  const text = formatMoney(highest, unit ?? currency);
  return highest === lowest ? text : node._('price.upTo', { price: text });
}

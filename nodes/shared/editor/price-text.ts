import { type PriceQuery, lowestPrice, priceRequest } from '../../../src/api/models/price.js';
import type { Model } from './models.js';
import type { EditedNode, EditorRed } from './red.js';

declare const RED: EditorRed;

/** Cached: creating one takes longer than using it for a list of models. */
const formats = new Map<string, Intl.NumberFormat>();

/** Money for a person: "0.04 USD", "0.0035 USD", "129.47 USD". */
export function amountText(node: EditedNode, amount: number, currency: string): string {
  return node._('price.amount', { amount: formatAmount(amount), currency });
}

/** An amount without its currency: whole or with cents, below one with up to six digits. */
export function formatAmount(amount: number): string {
  const digits = amount < 1 ? 6 : 2;
  const isWhole = Number.isInteger(Number(amount.toFixed(digits)));
  return formatNumber(amount, { minimumFractionDigits: isWhole ? 0 : 2, maximumFractionDigits: digits });
}

/** A number of bytes for a person: "8.5 kB". */
export function formatBytes(bytes: number): string {
  const unit = bytes < 1e6 ? 'kilobyte' : 'megabyte';
  return formatNumber(bytes / (bytes < 1e6 ? 1e3 : 1e6), { style: 'unit', unit, maximumSignificantDigits: 2 });
}

/** The plural form for a number in the language of the editor. */
export function pluralForm(count: number): 'one' | 'other' {
  return new Intl.PluralRules(RED.i18n.lang()).select(count) === 'one' ? 'one' : 'other';
}

function formatNumber(number: number, options: Intl.NumberFormatOptions): string {
  const key = JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.NumberFormat(RED.i18n.lang(), options);
  formats.set(key, format);
  return format.format(number);
}

/**
 * The price of so many images of a model: "0.04 USD", or "up to 0.04 USD"
 * where the request leaves it open; undefined = unknown.
 */
export function priceText(node: EditedNode, { pricing }: Model, query: PriceQuery, images = 1): string | undefined {
  return totalText(node, [{ pricing, query, images }]);
}

/** One of several requests, for their price together. */
export interface PricedRequest {
  /** As the model's list has it. */
  pricing: unknown;
  query: PriceQuery;
  images: number;
}

/** What several requests cost together; undefined where that of one is unknown, or in another currency. */
export function totalText(node: EditedNode, requests: PricedRequest[]): string | undefined {
  const prices = requests.map(({ pricing, query }) => priceRequest(pricing, query));
  const currencies = new Set(prices.map((price) => price?.currency));
  const [currency] = currencies;
  if (currencies.size !== 1 || currency === undefined) return undefined;
  const sum = (amounts: (number | undefined)[]): number =>
    requests.reduce((total, { images }, index) => total + (amounts[index] ?? 0) * images, 0);
  const most = sum(prices.map((price) => price?.amount));
  const least = sum(requests.map(({ pricing, query }) => lowestPrice(pricing, query)?.amount));
  const text = amountText(node, most, currency);
  return most === least ? text : node._('price.upTo', { price: text });
}

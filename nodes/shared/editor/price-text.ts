import { type PriceQuery, lowestPrice, priceRequest } from '../../../src/api/models/price.js';
import type { Model } from './models.js';
import type { EditedNode, EditorRed } from './red.js';

declare const RED: EditorRed;

/** Made once: to make one takes longer than to use it for a list of models. */
let amounts: Intl.NumberFormat | undefined;

/** Money for a person: "0.04 USD". */
export function amountText(node: EditedNode, amount: number, currency: string): string {
  amounts ??= new Intl.NumberFormat(RED.i18n.lang(), { maximumFractionDigits: 6 });
  return node._('price.amount', { amount: amounts.format(amount), currency });
}

/** What so many images of a model cost: "0.04 USD", "up to 0.04 USD" where the request leaves it open; undefined = unknown. */
export function priceText(node: EditedNode, { pricing }: Model, wanted: PriceQuery, images = 1): string | undefined {
  const [price, lowest] = [priceRequest(pricing, wanted), lowestPrice(pricing, wanted)];
  if (!price) return undefined;
  const text = amountText(node, price.amount * images, price.currency);
  return price.amount === lowest?.amount ? text : node._('price.upTo', { price: text });
}

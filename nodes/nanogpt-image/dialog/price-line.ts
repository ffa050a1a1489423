import { priceText } from '../../shared/editor/price-text.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { type RequestForecast, toPriceQuery } from './request-forecast.js';

/** The cost of a request, for a person; unknown amounts are absent. */
export interface Costs {
  one?: string;
  all?: string;
  images?: number;
}

/** The cost of one image, and of all that are requested. */
export function estimateCosts(node: EditedNode, { request, model, isFree }: RequestForecast): Costs {
  const images = model?.fixedImages ?? wholeNumber(request.count);
  const unit = isFree ? node._('price.playMoney') : undefined;
  const price = (number: number): string | undefined =>
    model && !request.isOpen ? priceText(node, model, toPriceQuery(request), { images: number, unit }) : undefined;
  const [one, all] = [price(1), images === undefined ? undefined : price(images)];
  return {
    ...(one !== undefined && { one }),
    ...(all !== undefined && { all }),
    ...(images !== undefined && { images }),
  };
}

/** The price of a request in a line: "0.04 USD an image, 0.16 USD for 4". */
export function priceLine(node: EditedNode, forecast: RequestForecast): string {
  const costs = estimateCosts(node, forecast);
  const included = includedLine(node, forecast, costs.images);
  if (included !== undefined) return included;
  if (!forecast.isFree) return paidLine(node, costs);
  return costs.one === undefined ? node._('price.free') : node._('priceLine.free', { price: paidLine(node, costs) });
}

/** Absent where the subscription does not cover the model, or has too little left. */
function includedLine(node: EditedNode, { included }: RequestForecast, images = 1): string | undefined {
  if (!included) return undefined;
  const { remaining: left, used = 0, limit = used + (left ?? 0) } = included;
  if (left === undefined) return node._('priceLine.included');
  return left < images ? undefined : node._('priceLine.includedLeft', { left, limit });
}

function paidLine(node: EditedNode, { one, all, images }: Costs): string {
  if (one === undefined) return node._('priceLine.unknown');
  if (images === undefined) return node._('priceLine.countOpen', { one });
  return images === 1 ? node._('priceLine.one', { one }) : node._('priceLine.all', { one, all, images });
}

/** The number of images for a count; blank = one. An invalid number is marked at its field. */
function wholeNumber(count: string | undefined): number | undefined {
  const number = count === '' ? 1 : Number(count);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}

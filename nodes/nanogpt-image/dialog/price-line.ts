import { priceText } from '../../shared/editor/price-text.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { type Outlook, wantedOf } from './request-forecast.js';

/** What a request costs, for a person; what is unknown is absent. */
export interface Costs {
  one?: string;
  all?: string;
  pictures?: number;
}

/** What one picture costs, and all that are asked for. */
export function costsOf(node: EditedNode, { request, model }: Outlook): Costs {
  const pictures = model?.fixedImages ?? wholeNumber(request.count);
  const price = (number: number): string | undefined => (model && !request.isOpen ? priceText(node, model, wantedOf(request), number) : undefined);
  const [one, all] = [price(1), pictures === undefined ? undefined : price(pictures)];
  return { ...(one !== undefined && { one }), ...(all !== undefined && { all }), ...(pictures !== undefined && { pictures }) };
}

/** The price of a request in a line: "0.04 USD a picture, 0.16 USD for 4". */
export function priceLine(node: EditedNode, outlook: Outlook): string {
  const costs = costsOf(node, outlook);
  if (!outlook.isFree) return paidLine(node, costs);
  return costs.one === undefined ? node._('price.free') : node._('priceLine.free', { price: paidLine(node, costs) });
}

function paidLine(node: EditedNode, { one, all, pictures }: Costs): string {
  if (one === undefined) return node._('priceLine.unknown');
  if (pictures === undefined) return node._('priceLine.countOpen', { one });
  return pictures === 1 ? node._('priceLine.one', { one }) : node._('priceLine.all', { one, all, pictures });
}

/** How many pictures a count asks for; blank = one. What is no number is marked at its field. */
function wholeNumber(count: string | undefined): number | undefined {
  const number = count === '' ? 1 : Number(count);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}

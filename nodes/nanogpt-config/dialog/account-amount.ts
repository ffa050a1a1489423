import { formatMoney } from '../../shared/editor/format.js';
import type { EditedNode } from '../../shared/editor/red.js';
import { chosenService } from './services.js';

/** An amount of the account for a person: `0.02 USD`, or `0.02 play money` with the built-in service. */
export function accountAmount(node: EditedNode, amount: number, currency?: string): string {
  return formatMoney(amount, chosenService() === 'sandbox' ? node._('price.playMoney') : currency);
}

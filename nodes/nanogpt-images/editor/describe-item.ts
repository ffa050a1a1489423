import type { ListedItem } from '../../shared/route-answers.js';
import { formatMoney } from '../../shared/editor/format.js';
import { formatAge } from './format-time.js';
import type { Texts } from './texts.js';
import type { ViewRed } from './view-red.js';

declare const RED: ViewRed;

/** Model, size, cost and age of an image in one line, and where it was made if that is not here. */
export function describeItem(texts: Texts, item: ListedItem): string {
  const { model, width, height, cost, time, host } = item;
  return joinParts(
    model ?? '',
    width === undefined || height === undefined ? '' : `${width} × ${height}`,
    cost === undefined ? '' : formatMoney(cost, itemCurrency(texts, item)),
    formatAge(time),
    host === undefined ? '' : texts._('tab.onHost', { host }),
  );
}

/** The currency of an image's cost; play money for the built-in service. */
export function itemCurrency(
  texts: Texts,
  { account, currency, service = accountService(account) }: Pick<ListedItem, 'account' | 'currency' | 'service'>,
): string | undefined {
  return service === 'sandbox' ? texts._('price.playMoney') : currency;
}

/** Undefined where the account was deleted. */
function accountService(id: string): ListedItem['service'] {
  return (RED.nodes.node(id) as Pick<ListedItem, 'service'> | null)?.service;
}

/** The parts that are not blank, in one line. */
export function joinParts(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}

/** What a node is called in the editor; '' where it is not there. */
export function findNodeName(id: string | undefined): string {
  const node = id === undefined ? null : RED.nodes.node(id);
  return node ? RED.utils.getNodeLabel(node, node.id) : '';
}

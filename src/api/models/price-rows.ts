import { isObject, toNumber } from '../../json.js';
import { tierFields } from './price.js';

/** Prices by tier, nested, as `priceRequest` reads them. */
interface Tiers {
  [name: string]: Tiers | number;
}

/**
 * The rows of a page of endpoints, `{billable, unit, cost_usd, resolution}` (NanoGPT docs: image models), as a tree of
 * tiers. Undefined where a row is paid for that is not an image that comes out: the price of a request does not follow
 * from the others then.
 */
export function toPricing(rows: unknown): { per_image: Tiers | number; currency: string } | undefined {
  if (!Array.isArray(rows) || rows.length === 0) return undefined;
  let tree: Tiers | number | undefined;
  for (const row of rows as unknown[]) {
    const cost = isObject(row) && isImage(row) ? toNumber(row.cost_usd) : undefined;
    const path = isObject(row) ? tierFields.map((field) => row[field]).filter((tier) => typeof tier === 'string') : [];
    tree = cost === undefined || cost < 0 ? undefined : insert(tree, path, cost);
    if (tree === undefined) return undefined;
  }
  return tree === undefined ? undefined : { per_image: tree, currency: 'USD' };
}

function isImage({ billable = 'output_image', unit = 'image' }: Record<string, unknown>): boolean {
  return billable === 'output_image' && unit === 'image';
}

/** Of two prices for the same tiers the higher one counts. Undefined where rows name different kinds of tiers. */
function insert(tree: Tiers | number | undefined, [tier, ...rest]: string[], cost: number): Tiers | number | undefined {
  if (tier === undefined) return typeof tree === 'object' ? undefined : Math.max(tree ?? 0, cost);
  if (typeof tree === 'number') return undefined;
  const branch = insert(tree && Object.hasOwn(tree, tier) ? tree[tier] : undefined, rest, cost);
  return branch === undefined ? undefined : { ...tree, [tier]: branch };
}

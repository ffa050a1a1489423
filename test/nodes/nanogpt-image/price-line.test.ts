import assert from 'node:assert/strict';
import { priceLine } from '../../../nodes/nanogpt-image/dialog/price-line.js';
import type { Allowance } from '../../../nodes/shared/editor/models.js';
import type { EditedNode } from '../../../nodes/shared/editor/red.js';

const node = { _: (key: string, values?: object) => [key, ...Object.values(values ?? {})].join(' ') } as EditedNode;

function showLine(included: Allowance | undefined, count = ''): string {
  const request = { model: 'painter', count, size: '', priceFields: {}, isOpen: false };
  return priceLine(node, {
    request,
    isUnlisted: false,
    isFree: false,
    ...(included && { included }),
  });
}

describe('the price line of a model that a subscription covers', () => {
  const rows: [what: string, included: Allowance | undefined, count: string, line: string][] = [
    ['says what is left today', { used: 2, remaining: 98 }, '', 'priceLine.includedLeft 98 100'],
    ['takes the limit as the service names it', { remaining: 98, limit: 120 }, '', 'priceLine.includedLeft 98 120'],
    ['says no number where the service names none', {}, '', 'priceLine.included'],
    ['says the price where less is left than asked for', { used: 98, remaining: 2 }, '3', 'priceLine.unknown'],
    ['says the price where nothing is covered', undefined, '', 'priceLine.unknown'],
  ];
  for (const [what, included, count, line] of rows) it(what, () => assert.equal(showLine(included, count), line));
});

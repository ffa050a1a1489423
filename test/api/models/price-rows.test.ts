import assert from 'node:assert/strict';
import { toPricing } from '../../../src/api/models/price-rows.js';

describe('rows of prices', () => {
  const row = (cost_usd: unknown, tiers: object = {}): object => ({
    billable: 'output_image',
    unit: 'image',
    cost_usd,
    ...tiers,
  });
  const readable: [string, object[], unknown][] = [
    ['one without tiers', [row(0.01)], 0.01],
    ['two of the same tier', [row(0.01, { resolution: '1k' }), row('0.02', { resolution: '1k' })], { '1k': 0.02 }],
    [
      'of two tiers',
      [row(0.01, { resolution: '1k', quality: 'low' }), row(0.04, { resolution: '1k', quality: 'high' })],
      { '1k': { low: 0.01, high: 0.04 } },
    ],
    ['named as a property of every object', [row(0.01, { quality: 'constructor' })], { constructor: 0.01 }],
  ];
  for (const [what, rows, expected] of readable)
    it(`${what} can be read`, () => assert.deepEqual(toPricing(rows)?.per_image, expected));

  const unreadable: [string, unknown][] = [
    ['none', []],
    ['no list', 'free'],
    ['an input image that is paid for', [row(0.01), { billable: 'input_image', unit: 'image', cost_usd: 0.01 }]],
    ['a megapixel', [{ billable: 'output_image', unit: 'megapixel', cost_usd: 0.01 }]],
    ['a negative price', [row(-1)]],
    ['no price', [row(null)]],
    ['tiers for some only', [row(0.01), row(0.02, { resolution: '1k' })]],
  ];
  for (const [what, rows] of unreadable)
    it(`with ${what} are unknown, never free`, () => assert.equal(toPricing(rows), undefined));
});

import assert from 'node:assert/strict';
import { type PriceQuery, lowestPrice, priceRequest } from '../../../src/api/models/price.js';

const sizes = { '1024*1024': 0.005, '1376*768': 0.007, '2048x2048': 0.02 };
const qualities = { low: 0.011, medium: 0.042, high: 0.167 };
const sizesByQuality = {
  low: { '1024*1024': 0.01, '1536*1024': 0.016 },
  high: { '1024*1024': 0.17, '1536*1024': 0.25 },
};
const qualitiesBySize = { '1024x1024': qualities, '1536x1024': { low: 0.016, medium: 0.063, high: 0.25 } };

type Case = [what: string, pricing: unknown, wanted: PriceQuery, amount?: number];

const readable: Case[] = [
  ['a number', 0.04, {}, 0.04],
  ['a number as text', '0.04', {}, 0.04],
  ['one price for all', { per_image: 0.04, currency: 'USD' }, { size: '512x512' }, 0.04],
  ['one price for all, as text', { per_image: '0.04', currency: 'USD' }, {}, 0.04],
  ['a size with * asked with x', { per_image: sizes }, { size: '1376x768' }, 0.007],
  ['a size with x asked with *', { per_image: sizes }, { size: '2048*2048' }, 0.02],
  ['no size where sizes differ', { per_image: sizes }, {}, 0.02],
  ['a name for the size where only pixels have a price', { per_image: sizes }, { size: 'auto' }, 0.02],
  ['a size by name', { per_image: { '1k': 0.03, '2K': 0.06 } }, { size: '2k' }, 0.06],
  ['a speed', { per_image: { turbo: 0.03, quality: 0.09 } }, { rendering_speed: 'turbo' }, 0.03],
  ['no speed where speeds differ', { per_image: { turbo: 0.03, quality: 0.09 } }, {}, 0.09],
  [
    'a quality beside a size that does not matter',
    { per_image: qualities },
    { size: '1024x1024', quality: 'medium' },
    0.042,
  ],
  ['a size where only the quality matters', { per_image: qualities }, { size: '1024x1024' }, 0.167],
  ['sizes within qualities', { per_image: sizesByQuality }, { size: '1536x1024', quality: 'low' }, 0.016],
  ['sizes within qualities, without a quality', { per_image: sizesByQuality }, { size: '1536x1024' }, 0.25],
  ['qualities within sizes', { per_image: qualitiesBySize }, { size: '1024x1024', quality: 'Low' }, 0.011],
  ['qualities within sizes, without a size', { per_image: qualitiesBySize }, { quality: 'medium' }, 0.063],
  ['a word that is no tier of its parameter', { per_image: qualities }, { moderation: 'low' }, 0.167],
  ['a tier by its own parameter only', { per_image: qualities }, { moderation: 'low', quality: 'high' }, 0.167],
  [
    'a price that cannot be read beside the one that is asked',
    { per_image: { ...sizes, '64*64': null } },
    { size: '1024x1024' },
    0.005,
  ],
  ['a listed price of nothing', { per_image: 0, currency: 'USD' }, {}, 0],
];

const unreadable: Case[] = [
  ['nothing', undefined, {}],
  ['null', null, {}],
  ['an empty object', {}, {}],
  ['an empty map', { per_image: {} }, {}],
  ['null as a price', { per_image: null }, {}],
  ['a price below nothing', -1, {}],
  ['a price below nothing in a map', { per_image: { '1024x1024': -1 } }, { size: '1024x1024' }],
  ['a blank text', { per_image: ' ' }, {}],
  ['words', { per_image: 'free' }, {}],
  ['an amount with its currency', '$0.04', {}],
  ['an endless number', { per_image: JSON.parse('1e999') as unknown }, {}],
  ['true', { per_image: true }, {}],
  ['a list', { per_image: [0.01, 0.02] }, {}],
  ['prices of tokens', { prompt: '0', completion: '0', image: '0', request: '0' }, {}],
  ['a price per megapixel', { per_megapixel: 0.01, currency: 'USD' }, {}],
  ['null at the size that is asked', { per_image: { ...sizes, '64*64': null } }, { size: '64x64' }],
  ['null at a size that may apply', { per_image: { ...sizes, '64*64': null } }, {}],
  ['words at a speed that may apply', { per_image: { turbo: 0.03, quality: 'on request' } }, {}],
  ['another size than those that have a price', { per_image: sizes }, { size: '4096x4096' }],
  ['another size within a quality', { per_image: sizesByQuality }, { size: '4096x4096', quality: 'low' }],
];

describe('a price', () => {
  for (const [what, pricing, wanted, amount] of readable) {
    it(`is read from ${what}`, () => assert.equal(priceRequest(pricing, wanted)?.amount, amount));
  }

  for (const [what, pricing, wanted] of unreadable) {
    it(`is unknown, not free, with ${what}`, () => assert.equal(priceRequest(pricing, wanted), undefined));
  }

  it('has the currency of the list, US dollars where it names none', () => {
    const currencies = ['XNO', 'usd', undefined, 5].map(
      (currency) => priceRequest({ per_image: 1, currency }, {})?.currency,
    );
    assert.deepEqual(currencies, ['XNO', 'USD', 'USD', 'USD']);
  });

  it('has a lowest that may apply, which is the price itself where nothing is left open', () => {
    const lowest = (pricing: unknown, wanted: PriceQuery): number | undefined =>
      lowestPrice({ per_image: pricing }, wanted)?.amount;
    assert.equal(lowest(sizesByQuality, {}), 0.01);
    assert.equal(lowest(sizesByQuality, { quality: 'high' }), 0.17);
    assert.equal(lowest(sizesByQuality, { size: '1536x1024', quality: 'high' }), 0.25);
    assert.equal(lowest({ ...sizes, '64*64': null }, {}), undefined);
  });

  it('is unknown where the list nests without end', () => {
    const pricing = JSON.parse(`${'{"per_image":'.repeat(50_000)}1${'}'.repeat(50_000)}`) as unknown;
    assert.equal(priceRequest(pricing, {}), undefined);
  });
});

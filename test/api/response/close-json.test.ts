import assert from 'node:assert/strict';
import fc from 'fast-check';
import { closeJson } from '../../../src/api/response/close-json.js';
import { parseJson } from '../../../src/json.js';
import { runs } from '../../helpers/random.js';

describe('JSON that was cut off', () => {
  const rows: [text: string, closed: unknown][] = [
    ['{"data":[{"url":"a"},{"url":"b"},{"ur', { data: [{ url: 'a' }, { url: 'b' }] }],
    ['{"data":[{"url":"a"', { data: [{ url: 'a' }] }],
    ['{"data":[{"url":"a', undefined],
    ['{"cost":0.04,"data":[{"url":"a\\\\"},{"url":"b\\"', { cost: 0.04, data: [{ url: 'a\\' }] }],
    ['["a","b', ['a']],
    ['{"a":{"b":1,"c', { a: { b: 1 } }],
    ['{"a":12', undefined],
    ['{"a":[1,2,{}', { a: [1, 2, {}] }],
    ['{"created":1,"data', { created: 1 }],
    ['<html>', undefined],
    ['', undefined],
  ];
  for (const [text, closed] of rows)
    it(`${text} is ${JSON.stringify(closed) ?? 'nothing'}`, () =>
      assert.deepEqual(parseJson(closeJson(text) ?? ''), closed));

  it('is JSON again wherever it was cut', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, place) => {
        const closed = closeJson(text.slice(0, place % (text.length + 1)));
        assert.ok(closed === undefined || parseJson(closed) !== undefined, closed);
      }),
      runs(2000),
    );
  });
});

import assert from 'node:assert/strict';
import { ActiveList } from '../src/active-list.js';

describe('ActiveList', () => {
  const listOf = (...items: string[]): ActiveList<string> => {
    const list = new ActiveList<string>();
    for (const item of items) list.add(item);
    return list;
  };

  it('keeps the order in which its items came', () => {
    assert.deepEqual([...listOf('b', 'a', 'c')], ['b', 'a', 'c']);
  });

  for (const [item, left] of [
    ['a', ['b', 'c']],
    ['b', ['a', 'c']],
    ['c', ['a', 'b']],
  ] as const) {
    it(`deletes ${item} of a, b and c`, () => {
      const list = listOf('a', 'b', 'c');
      assert.equal(list.delete(item), true);
      assert.deepEqual([[...list], list.size, list.has(item)], [left, 2, false]);
    });
  }

  it('says that there is nothing to delete', () => {
    const list = listOf('a');
    assert.equal(list.delete('b'), false);
    assert.equal(list.size, 1);
  });

  it('goes on over what was there where items are deleted meanwhile', () => {
    const list = listOf('a', 'b', 'c');
    const seen: string[] = [];
    for (const item of list) {
      list.delete(item);
      seen.push(item);
    }
    assert.deepEqual([seen, list.size], [['a', 'b', 'c'], 0]);
  });

  it('keeps its order and size while many come and go', () => {
    const list = new ActiveList<string>();
    let expected: string[] = [];
    for (let number = 0; number < 500; number++) {
      list.add(String(number));
      expected.push(String(number));
      for (const gone of [String(number - 3), String(number * 2 - 300)])
        if (list.delete(gone)) expected = expected.filter((item) => item !== gone);
      assert.deepEqual([[...list], list.size], [expected, expected.length]);
    }
    for (const item of [...list]) list.delete(item);
    assert.deepEqual([[...list], list.size, list.has('499')], [[], 0, false]);
  });
});

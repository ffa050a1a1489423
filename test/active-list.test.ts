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
});

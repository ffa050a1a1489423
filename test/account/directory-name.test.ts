import assert from 'node:assert/strict';
import { toDirectoryName } from '../../src/account/directory-name.js';

describe('the directory of an id', () => {
  it('is the id itself where that is plain', () => {
    for (const id of ['1a2b3c4d5e6f7a8b', 'a_b', 'a-b.c']) assert.equal(toDirectoryName(id), id);
  });

  it('differs for every id, and never leaves its parent directory', () => {
    const ids = [
      'a/b',
      'a_b',
      'a%2Fb',
      'a\\b',
      'a b',
      '..',
      '.',
      '%2E',
      'ä',
      '😀',
      '😁',
      'x'.repeat(300),
      'x'.repeat(301),
    ];
    const names = ids.map(toDirectoryName);
    assert.equal(new Set(names).size, ids.length);
    for (const name of names) assert.match(name, /^[\w%-][\w.%-]{0,119}$/);
  });
});

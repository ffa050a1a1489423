import assert from 'node:assert/strict';
import { ImageMemory, type Region } from '../../src/history/image-memory.js';

describe('the memory of a history', () => {
  let memory: ImageMemory;

  beforeEach(() => {
    memory = new ImageMemory(10);
  });

  const put = (text: string): Region | undefined => memory.put(Buffer.from(text));
  const read = (region: Region | undefined): string => memory.read(region!).toString();

  it('gives back what was put into it, in memory of its own', () => {
    const region = put('fox');
    const copy = memory.read(region!);
    copy.fill('x');
    assert.equal(copy.buffer.byteLength, 3);
    assert.equal(read(region), 'fox');
  });

  it('is not changed with the bytes that were put into it', () => {
    const bytes = Buffer.from('fox');
    const region = memory.put(bytes);
    bytes.fill('x');
    assert.equal(read(region), 'fox');
  });

  it('uses the first gap that is large enough, and none that is too small', () => {
    const [first, second, third] = [put('aaa'), put('bb'), put('cccc')];
    assert.equal(put('dd'), undefined, 'one is left at the end');
    memory.free(second!);
    assert.equal(put('ddd'), undefined);
    const fourth = put('dd');
    assert.equal(fourth?.start, 3);
    memory.free(first!);
    const fifth = put('e');
    assert.equal(fifth?.start, 0);
    assert.deepEqual([fourth, fifth, third].map(read), ['dd', 'e', 'cccc']);
  });

  it('is empty once it is cleared', () => {
    put('aaaaaaaaaa');
    memory.clear();
    assert.equal(read(put('bbbbbbbbbb')), 'bbbbbbbbbb');
  });
});

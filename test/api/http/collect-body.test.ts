import assert from 'node:assert/strict';
import { collectBody } from '../../../src/api/http/collect-body.js';

const never = (): never => assert.fail('within the cap');

/** A sink gives its chunks away only for as long as it writes them. */
function fill(sink: { write(chunk: Buffer): void }, ...chunks: string[]): void {
  for (const text of chunks) {
    const chunk = Buffer.from(text);
    sink.write(chunk);
    chunk.fill(0);
  }
}

describe('collectBody', () => {
  for (const [what, expected] of Object.entries({
    'no length was named': undefined,
    'the length is right': 11,
    'the body is longer': 4,
    'the body is shorter': 999,
    'the length is over the cap': 1e12,
  })) {
    it(`gives the bytes in memory of their own where ${what}`, () => {
      const sink = collectBody(1000, never, expected);
      fill(sink, 'one', 'two', 'three');
      const bytes = sink.end();
      assert.equal(bytes.toString(), 'onetwothree');
      assert.equal(bytes.buffer.byteLength, bytes.length);
    });
  }

  it('stops at the cap, whatever length was named, and hands over what came', () => {
    for (const expected of [undefined, 2, 1e12]) {
      let seen = '';
      const sink = collectBody(
        5,
        (bytes) => {
          seen = bytes.toString();
          throw new Error('over');
        },
        expected,
      );
      assert.throws(() => fill(sink, 'one', 'two', 'three'), /over/);
      assert.equal(seen, 'onetwo');
    }
  });
});

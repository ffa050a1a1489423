import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Base64Decoder } from '../../../src/api/response/base64-decoder.js';

function decode(text: Buffer, pieceLength = text.length || 1): Buffer | undefined {
  const decoder = new Base64Decoder(10_000_000);
  for (let start = 0; start < text.length; start += pieceLength)
    decoder.write(text.subarray(start, start + pieceLength));
  return decoder.end();
}

describe('base64 decoder', () => {
  it('decodes bytes of any length in pieces of any length', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 100 }),
        fc.constantFrom('base64' as const, 'base64url' as const),
        (bytes, pieceLength, encoding) => {
          assert.deepEqual(decode(Buffer.from(Buffer.from(bytes).toString(encoding)), pieceLength), Buffer.from(bytes));
        },
      ),
      { numRuns: 2000, seed: 20261125 },
    );
  });

  it('decodes megabytes, with and without line breaks', () => {
    const bytes = randomBytes(1_500_000);
    const text = bytes.toString('base64');
    const urlSafe = bytes.toString('base64url');
    for (const written of [text, text.replace(/(.{76})/g, '$1\r\n'), urlSafe, urlSafe.replace(/(.{76})/g, '$1\n')])
      assert.ok(decode(Buffer.from(written), 65_537)?.equals(bytes));
  });

  for (const [what, text] of Object.entries({
    'a lone character at the end': 'AAAAA',
    'a character of no alphabet': `${'A'.repeat(40)}!AAA`,
    'data behind the padding': `${'A'.repeat(38)}==AAAA`,
    'data behind the padding in the next piece': `${'A'.repeat(18)}==${'A'.repeat(20)}`,
  })) {
    it(`refuses ${what}`, () => assert.equal(decode(Buffer.from(text), 20), undefined));
  }
});

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import wabt from 'wabt';
import { compiled, loadBlocks } from '../../../src/api/response/base64-blocks.js';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_';
const file = 'base64-blocks.wat';

/** The bytes of the whole blocks that a text begins with. */
function decodeBlocks(text: Buffer): Buffer {
  const blocks = loadBlocks()!;
  const characters = blocks.decode(text.copy(blocks.text));
  return blocks.bytes.subarray(0, (characters / 16) * 12);
}

describe('base64 blocks', () => {
  it(`are what ${file} compiles to`, async () => {
    const text = readFileSync(join(__dirname, '../../../src/api/response', file), 'utf8');
    const module = (await wabt()).parseWat(file, text, { simd: true });
    assert.equal(
      Buffer.from(module.toBinary({}).buffer).toString('base64'),
      compiled,
      'put this in place of `compiled`',
    );
  });

  it('take every character of both alphabets at every place, and no other', () => {
    for (let code = 0; code < 256; code++) {
      for (let place = 0; place < 16; place++) {
        const text = Buffer.from('MDEyMzQ1Njc4OTAx');
        text[place] = code;
        const expected = alphabet.includes(String.fromCharCode(code))
          ? Buffer.from(text.toString('latin1'), 'base64')
          : Buffer.alloc(0);
        assert.deepEqual(decodeBlocks(text), expected, `character ${code} at ${place}`);
      }
    }
  });

  for (const encoding of ['base64', 'base64url'] as const) {
    it(`give the bytes of ${encoding}`, () => {
      const bytes = randomBytes(48_000);
      assert.ok(decodeBlocks(Buffer.from(bytes.toString(encoding))).equals(bytes));
    });
  }

  it('stop at what is no whole block, and at the end of their memory', () => {
    const text = Buffer.from(randomBytes(60_000).toString('base64'));
    assert.equal(decodeBlocks(text.subarray(0, 47)).length, 24);
    assert.equal(decodeBlocks(text).length, 49_164);
    text[100] = 0x21;
    assert.equal(decodeBlocks(text).length, 72);
  });
});

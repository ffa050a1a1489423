import assert from 'node:assert/strict';
import { toInputImages } from '../../src/image/input-images.js';
import { type ImageError } from '../../src/errors.js';
import { png } from '../helpers/server-behaviors.js';
import { longestStall } from '../helpers/stalls.js';

/** The longest time that any input may hold Node-RED, in milliseconds. */
const limit = 50;

/** A PNG with so many bytes behind it. */
function large(length: number): Buffer {
  return Buffer.concat([png, Buffer.alloc(length, 0xfb)]);
}

const base64 = (bytes: Buffer): string => bytes.toString('base64');
const encoded = (bytes: Buffer): string => bytes.toString('hex').replace(/../g, '%$&');
const inLines = (text: string): string => text.replace(/.{76}/g, '$&\r\n');

/** A text in one piece, as it comes from a form: replacing leaves it in many. */
const flat = (text: string): string => Buffer.from(text).toString('latin1');

describe('an input of any size and form', function () {
  this.timeout(120_000);

  const rows: [string, () => unknown, 'image' | ImageError['code']][] = [
    ['6.7 million numbers', () => Array.from(large(6_700_000)), 'image'],
    ['25 million numbers', () => Array.from(large(24_900_000)), 'image'],
    ['26 million numbers', () => new Array(26_000_000).fill(7), 'too_large'],
    ['a list of ten million holes', () => new Array(1e7), 'invalid_input'],
    ['a Buffer of 6.7 MB that has been through JSON', () => ({ type: 'Buffer', data: Array.from(large(6_700_000)) }), 'image'],
    ['a Uint8Array of 3 MB that has been through JSON', () => ({ ...large(3_000_000) }), 'image'],
    ['base64 of 25 MB', () => base64(large(24_900_000)), 'image'],
    ['base64 of 25 MB in lines', () => inLines(base64(large(24_900_000))), 'image'],
    ['a data URL of 25 MB whose pluses became blanks', () => flat(`data:image/png;base64,${base64(large(24_900_000)).replaceAll('+', ' ')}`), 'image'],
    ['a percent-encoded data URL of 6.7 MB', () => `data:image/png,${encoded(large(6_700_000))}`, 'image'],
    ['a data URL of 200 MB', () => `data:image/png;base64,${'iVBORw0KGgoA'.repeat(17_000_000)}`, 'too_large'],
    ['a text of 200 MB', () => 'a fox '.repeat(33_000_000), 'too_large'],
    ['base64 of 20 MB that is damaged at its end', () => `${base64(large(20_000_000))}*`, 'invalid_input'],
    ['a Buffer of 25 MB of zeros behind the header of a JPEG', () => Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(24_900_000)]), 'invalid_input'],
    ['100,000 lists in lists', () => nested(100_000), 'invalid_input'],
    ['an object of 1,000 texts of 100 kB', () => Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`text${index}`, flat('ab '.repeat(33_000))])), 'invalid_input'],
  ]; // prettier-ignore
  for (const [title, make, expected] of rows) {
    it(`holds the event loop for at most ${limit} ms: ${title}`, async () => {
      const value = make();
      let outcome: string | undefined;
      const stall = await leastStall(async () => {
        outcome = await toInputImages(value, 'msg.payload', () => assert.fail()).then(
          () => 'image',
          (error: unknown) => (error as ImageError).code,
        );
      });
      assert.equal(outcome, expected);
      assert.ok(stall < limit, `held up for ${Math.round(stall)} ms`);
    });
  }

  it('does not add up: 50 messages with base64 of 2 MB at once', async () => {
    const text = inLines(base64(large(2_000_000)));
    const stall = await leastStall(() =>
      Promise.all(Array.from({ length: 50 }, () => toInputImages(text, 'msg.payload', () => assert.fail()))),
    );
    assert.ok(stall < limit, `held up for ${Math.round(stall)} ms`);
  });
});

/** The longest stall in the best of three tries: garbage of other tests is not the input's fault. */
async function leastStall(work: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let tries = 0; tries < 3 && least >= limit; tries++) least = Math.min(least, await longestStall(work));
  return least;
}

function nested(depth: number): unknown {
  let list: unknown[] = [];
  for (let level = 0; level < depth; level++) list = [list];
  return list;
}

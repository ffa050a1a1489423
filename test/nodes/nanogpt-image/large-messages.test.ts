import assert from 'node:assert/strict';
import type { Node, NodeAPI } from 'node-red';
import { type NanogptImageConfig, defaults } from '../../../nodes/nanogpt-image/config.js';
import { readRequest } from '../../../nodes/nanogpt-image/read-request.js';
import type { ImageError } from '../../../src/errors.js';
import { requireNodeRed } from '../../helpers/node-red-modules.js';
import { png } from '../../helpers/server-behaviors.js';
import { longestStall } from '../../helpers/stalls.js';

/** The longest time that any message may hold Node-RED, in milliseconds. */
const limit = 50;

const RED = requireNodeRed('@node-red/util') as NodeAPI;

/** A text in one piece, as it comes from a form: repeating leaves it in many. */
const flat = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');

function jsonWith(keys: number): string {
  return `{${Array.from({ length: keys }, (_, index) => `"${index.toString(36)}a":1`).join(',')}}`;
}

function nested(depth: number, wrap: (value: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = wrap(value);
  return value;
}

/** Values that are no input, by what they are. */
const values: [string, () => unknown][] = [
  ['a million numbers', () => Array.from({ length: 1e6 }, (_, index) => index)],
  ['a million texts', () => Array.from({ length: 1e6 }, (_, index) => `a${index}`)],
  ['a million objects', () => Array.from({ length: 1e6 }, () => ({}))],
  ['a Map of a million', () => new Map(Array.from({ length: 1e6 }, (_, index) => [index, index]))],
  ['500 objects of 200 keys', () => Array.from({ length: 500 }, () => JSON.parse(jsonWith(200)) as object)],
  ['100,000 lists in lists', () => nested(100_000, (value) => [value])],
  ['100,000 objects in objects', () => nested(100_000, (value) => ({ value }))],
  ['200 MB of blanks', () => flat(' '.repeat(200_000_000))],
  ['24 MB of blanks', () => flat(' '.repeat(24_000_000))],
  ['200 MB of words', () => flat('a fox '.repeat(33_000_000))],
  ['24 MB of words, never put together', () => 'a fox '.repeat(4_000_000)],
  ['an address of 100 MB', () => flat(`http://a/${'a'.repeat(100_000_000)}`)],
]; // prettier-ignore

const fixed = { prompt: 'winter', promptType: 'str' } as const;

/** Where a message may hold them. */
const places: [string, Partial<NanogptImageConfig>, (value: unknown) => object][] = [
  ['msg.payload', {}, (payload) => ({ payload })],
  ['msg.payload beside a prompt', fixed, (payload) => ({ payload })],
  ['msg.prompt beside an image', {}, (prompt) => ({ payload: png, prompt })],
  ['the image', { ...fixed, image: 'image' }, (image) => ({ image })],
  ['the mask', fixed, (mask) => ({ payload: png, mask })],
  ['msg.parameters', { ...fixed, parameters: 'more', parametersType: 'msg' }, (more) => ({ more })],
  ['a parameter', { ...fixed, parameters: 'more', parametersType: 'msg' }, (value) => ({ more: { value } })],
  ['a text', { ...fixed, size: 'size', sizeType: 'msg' }, (size) => ({ size })],
  ['a number', { ...fixed, count: 'count', countType: 'msg' }, (count) => ({ count })],
  ['a tag', { prompt: 'a {{payload}}', promptType: 'str', image: 'image' }, (payload) => ({ payload })],
];

async function read(settings: Partial<NanogptImageConfig>, msg: object): Promise<string> {
  const reader = { RED, node: {} as Node, fetchAddress: () => assert.fail('nothing is fetched') };
  return readRequest(reader, { ...defaults, ...settings }, { ...msg }).then(
    () => 'read',
    ({ code }: ImageError) => code,
  );
}

describe('a message of any size', function () {
  for (const [what, make] of values) {
    it(`holds the event loop for at most ${limit} ms, wherever it is: ${what}`, async () => {
      const value = make();
      for (const [place, settings, put] of places) {
        let code = '';
        const stall = await leastStall(async () => (code = await read(settings, put(value))));
        assert.ok(stall < limit, `${place} held it for ${Math.round(stall)} ms`);
        assert.ok(['read', 'invalid_input', 'too_large'].includes(code), `${place}: ${code}`);
      }
    });
  }

  it('takes no longer than JSON took to make it: 200,000 keys', async () => {
    const json = jsonWith(200_000);
    let value: unknown;
    const parsing = await longestStall(async () => (value = JSON.parse(json)));
    for (const [place, settings, put] of places) {
      const stall = await leastStall(() => read(settings, put(value)), limit + parsing);
      assert.ok(stall < limit + parsing, `${place}: ${Math.round(stall)} ms, JSON ${Math.round(parsing)} ms`);
    }
  });
});

/** The longest stall in the best of three tries: garbage of other tests is not the message's fault. */
async function leastStall(work: () => Promise<unknown>, most = limit): Promise<number> {
  let least = Infinity;
  for (let tries = 0; tries < 3 && least >= most; tries++) least = Math.min(least, await longestStall(work));
  return least;
}

import assert from 'node:assert/strict';
import { readAddresses } from '../../../src/api/response/read-address.js';
import { readEntries } from '../../../src/api/response/read-entries.js';

const bytes = Buffer.from('an image');
const address = 'https://cdn.test/a.png';

/** Stands for an image in a body, as the decoder puts a mark there. */
const mark = 'the mark of an image';
const damaged = 'the mark of no image';

function find(value: unknown): Buffer | null | undefined {
  return value === mark ? bytes : value === damaged ? null : undefined;
}

/** Each entry as the word of what it holds. */
function read(body: unknown): string[] {
  return readEntries(body, find).map((entry) => (entry.bytes ? 'bytes' : (entry.url ?? 'nothing')));
}

const one: Record<string, unknown> = {
  'parts of a candidate, words first': { candidates: [{ content: { parts: [{ text: 'Here' }, { inlineData: { mimeType: 'image/png', data: mark } }] } }] },
  'calls beside reasoning and words': { output: [{ type: 'reasoning', summary: [] }, { type: 'call', result: mark }, { type: 'message', content: [{ text: 'Done' }] }] },
  'parts of a chat, words first': { choices: [{ message: { content: [{ type: 'text', text: 'Here' }, { type: 'image_url', image_url: { url: mark } }] } }] },
  'a piece of a streamed chat': { choices: [{ delta: { images: [{ image_url: { url: mark } }] } }] },
  'a seed behind the file': { data: [{ image: mark }, 12345] },
  'lists in lists': { data: [[{ image: { path: '/tmp/a.webp', data: mark }, caption: null }]] },
  'base64 as a list': { data: [{ b64_json: [mark] }] },
  'names of its own': { generations_by_pk: { generated_images: [{ id: 'x', file: mark }] } },
  'capitals': { Created: 1, Data: [{ B64Json: mark }] },
  'two lists of the same': { data: [{ b64_json: mark }], images: [{ b64_json: mark }] },
}; // prettier-ignore

const addressed: Record<string, unknown> = {
  'a list of URLs under url': { data: [{ url: [address] }] },
  'capitals in the name': { data: [{ imageURL: address }] },
  'plain URLs': { data: { image_urls: [address] }, base_resp: { status_code: 0 } },
  'a sample': { status: 'Ready', result: { sample: address, prompt: 'a fox' } },
  'Markdown in a chat': { choices: [{ message: { content: `Here it is:\n\n![a fox](${address})` } }] },
  'Markdown under url': { data: [{ url: `![](${address})` }] },
  'quotes, brackets and blanks': { data: [{ url: ` "<${address}>"\n` }] },
  'an image that is damaged': { data: [{ b64_json: damaged, url: address }] },
  'a URL where base64 should be': { data: [{ b64_json: address }] },
  'addresses that are no images': { output: [address], urls: { get: 'https://api.test/jobs/1', cancel: 'https://api.test/x' } },
}; // prettier-ignore

describe('the entries of a response', () => {
  for (const [title, body] of Object.entries(one)) it(`are found: ${title}`, () => assert.deepEqual(read(body), ['bytes'])); // prettier-ignore
  for (const [title, body] of Object.entries(addressed)) it(`are found: ${title}`, () => assert.deepEqual(read(body), [address])); // prettier-ignore

  it('do not include images of the request', () => {
    assert.deepEqual(read({ status: 'starting', output: null, input: { image: mark, image_url: address } }), []);
    assert.deepEqual(read({ id: 'x', status_url: address, response_url: address, status: 'IN_QUEUE' }), []);
  });

  it('include those that lack their image or name the reason', () => {
    assert.deepEqual(read({ data: [{ b64_json: mark }, { b64_json: null }] }), ['bytes', 'nothing']);
    assert.deepEqual(read({ data: [{ url: address }, { error: { message: 'refused' } }] }), [address, 'nothing']);
  });

  it('undo HTML in an address', () =>
    assert.deepEqual(read({ data: [{ url: `${address}?a=1&amp;sig=2` }] }), [`${address}?a=1&sig=2`]));
});

describe('the addresses in a text', () => {
  const rows: [string, string[]][] = [
    [`![a](${address}) and ![b](<${address}>)`, [address, address]],
    ['/files/1.png', ['/files/1.png']],
    ['I cannot draw that.', []],
    [`See ${address}.`, []],
    ['![', []],
    [`![${'a'.repeat(15_000)}`, []],
  ];
  for (const [text, found] of rows)
    it(`are ${found.length} in ${text.slice(0, 40)}`, () => assert.deepEqual(readAddresses(text), found));
});

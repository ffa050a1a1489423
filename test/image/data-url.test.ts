import assert from 'node:assert/strict';
import { ownMemory, readHeader, toDataUrl } from '../../src/image/data-url.js';
import { decodeText } from '../../src/image/decode-text.js';

const bytes = Buffer.from([0, 1, 127, 128, 250, 255, 37]);

/** What a data URL says and holds; undefined where a text is none. */
async function read(text: string): Promise<{ mime: string; bytes: Buffer | undefined } | undefined> {
  const header = readHeader(text);
  return header && { mime: header.mime, bytes: await decodeText(text, { ...header, end: text.length }) };
}

describe('a data URL', () => {
  it('is made and read back', async () =>
    assert.deepEqual(await read(toDataUrl('image/webp', bytes)), { mime: 'image/webp', bytes }));

  const rows: [string, string, string][] = [
    ['data:image/png;base64,aGk=', 'image/png', 'hi'],
    ['DATA:image/png;BASE64,aGk=', 'image/png', 'hi'],
    ['  data:image/svg+xml;charset=utf-8;base64,aGk', 'image/svg+xml', 'hi'],
    ['data:;base64,aGk=', 'text/plain', 'hi'],
    ['data:text/plain,h%69', 'text/plain', 'hi'],
    ['data:image/png;base64,a\nG\nk=', 'image/png', 'hi'],
  ];
  for (const [url, mime, text] of rows) {
    it(`reads ${JSON.stringify(url)}`, async () => {
      const found = await read(url);
      assert.deepEqual([found?.mime, found?.bytes?.toString()], [mime, text]);
    });
  }

  it('reads octets behind percent signs as they are', async () => {
    const found = await read('data:image/png,%89PNG%0D%0a%ff');
    assert.deepEqual(found?.bytes, Buffer.from('89504e470d0aff', 'hex'));
  });

  for (const text of [
    '',
    'data',
    'data:',
    'data: a chart, and words',
    'data:,x',
    'https://x/data:image/png;base64,',
    'see data:image/png;base64,aGk=',
  ]) {
    it(`is not “${text}”`, () => assert.equal(readHeader(text), undefined));
  }

  it('is told from a long text quickly', () => {
    const text = `data:${'a;'.repeat(5_000_000)}`;
    const start = performance.now();
    readHeader(text);
    assert.ok(performance.now() - start < 500);
  });
});

describe('bytes of their own', () => {
  it('come from base64 of either alphabet', async () => {
    for (const text of [bytes.toString('base64'), bytes.toString('base64url')]) {
      const decoded = await decodeText(text, { encoding: 'base64', start: 0, end: text.length });
      assert.deepEqual(decoded, bytes);
      assert.equal(decoded?.buffer.byteLength, decoded?.length);
    }
  });

  it('are copied out of the pool, but not without need', () => {
    const own = ownMemory(Buffer.from('pooled'));
    assert.deepEqual([own.toString(), own.buffer.byteLength], ['pooled', 6]);
    assert.equal(ownMemory(own), own);
  });
});

import assert from 'node:assert/strict';
import { decodeBase64, isDataUrl, ownMemory, parseDataUrl, toDataUrl } from '../../src/image/data-url.js';

const bytes = Buffer.from([0, 1, 127, 128, 250, 255, 37]);

describe('a data URL', () => {
  it('is made and read back', () =>
    assert.deepEqual(parseDataUrl(toDataUrl('image/webp', bytes)), { mime: 'image/webp', bytes }));

  const rows: [string, string, string][] = [
    ['data:image/png;base64,aGk=', 'image/png', 'hi'],
    ['DATA:image/png;BASE64,aGk=', 'image/png', 'hi'],
    ['  data:image/svg+xml;charset=utf-8;base64,aGk', 'image/svg+xml', 'hi'],
    ['data:;base64,aGk=', 'text/plain', 'hi'],
    ['data:text/plain,h%69', 'text/plain', 'hi'],
    ['data:image/png;base64,a\nG\nk=', 'image/png', 'hi'],
  ];
  for (const [url, mime, text] of rows) {
    it(`reads ${JSON.stringify(url)}`, () => {
      const parsed = parseDataUrl(url)!;
      assert.deepEqual([parsed.mime, parsed.bytes.toString()], [mime, text]);
    });
  }

  it('reads octets behind percent signs as they are', () => {
    assert.deepEqual(parseDataUrl('data:image/png,%89PNG%0D%0a%ff')!.bytes, Buffer.from('89504e470d0aff', 'hex'));
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
    it(`is not “${text}”`, () => assert.deepEqual([isDataUrl(text), parseDataUrl(text)], [false, undefined]));
  }

  it('is told from a long text quickly', () => {
    const text = `data:${'a;'.repeat(5_000_000)}`;
    const start = performance.now();
    isDataUrl(text);
    assert.ok(performance.now() - start < 500);
  });
});

describe('bytes of their own', () => {
  it('come from base64 of either alphabet', () => {
    for (const text of [bytes.toString('base64'), bytes.toString('base64url')]) {
      const decoded = decodeBase64(text);
      assert.deepEqual(decoded, bytes);
      assert.equal(decoded.buffer.byteLength, decoded.length);
    }
  });

  it('are copied out of the pool, but not without need', () => {
    const own = ownMemory(Buffer.from('pooled'));
    assert.deepEqual([own.toString(), own.buffer.byteLength], ['pooled', 6]);
    assert.equal(ownMemory(own), own);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { closeJson } from '../../../src/api/response/close-json.js';
import { ResponseDecoder, type Decoded } from '../../../src/api/response/response-decoder.js';
import { parseJson } from '../../../src/json.js';

const megabyte = 1_000_000;

/** Feeds a text in chunks that end at the given places. */
function decode(text: string | Buffer, cuts: number[] = [], cap = megabyte): Decoded {
  const bytes = Buffer.from(text);
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  const decoder = new ResponseDecoder(cap, 16 * megabyte);
  let start = 0;
  for (const end of ends) {
    decoder.write(bytes.subarray(start, end));
    start = end;
  }
  return decoder.end();
}

/** The document with its images in place of their names: Buffers, or `no base64`. */
function restore({ text, image }: Decoded): unknown {
  const walk = (value: unknown): unknown => {
    const bytes = image(value);
    if (bytes !== undefined) return bytes ?? 'no base64';
    if (Array.isArray(value)) return value.map(walk);
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, walk(entry)]))
      : value;
  };
  return walk(parseJson(text));
}

/** What everybody does: parse the whole, then decode. */
function expected(text: string): unknown {
  const walk = (value: unknown, key = ''): unknown => {
    if (key === 'b64_json' && typeof value === 'string') return decoded(value);
    if (Array.isArray(value)) return value.map((entry) => walk(entry));
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, walk(entry, name)]))
      : value;
  };
  return walk(JSON.parse(text.replace(/^\uFEFF/, '')));
}

function decoded(value: string): Buffer | string {
  const text = value.replace(/^\s*data:[^,]*,/i, '').replace(/\s/g, '');
  return /^[\w+/-]*={0,2}$/.test(text) && text.replace(/=/g, '').length % 4 !== 1
    ? Buffer.from(text, 'base64')
    : 'no base64';
}

const base64 = fc
  .tuple(fc.uint8Array({ maxLength: 400 }), fc.constantFrom('plain', 'url', 'bare', 'data', 'lines', 'escaped'))
  .map(([bytes, form]) => {
    const text = Buffer.from(bytes).toString('base64');
    return {
      plain: text,
      url: Buffer.from(bytes).toString('base64url'),
      bare: text.replace(/=/g, ''),
      data: `data:image/png;base64,${text}`,
      lines: text.replace(/(.{76})/g, '$1\n'),
      escaped: text,
    }[form];
  });
const imageValue = fc.oneof(
  { weight: 6, arbitrary: base64 },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.constantFrom(null, 5, true, ['x']) },
);
const document = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.constantFrom(null, true, 'b64_json', '\\', '"'),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('any'), { maxLength: 4 }),
  object: fc
    .tuple(
      fc.dictionary(fc.string({ maxLength: 8 }), tie('any'), { maxKeys: 4, noNullPrototype: true }),
      fc.option(imageValue, { nil: undefined }),
    )
    .map(([object, image]) =>
      Object.fromEntries(
        moved([
          ...Object.entries(object as object).filter(([key]) => key !== '__proto__'),
          ...(image === undefined ? [] : [['b64_json', image] as [string, unknown]]),
        ]),
      ),
    ),
})).object;

/** Not always last. */
function moved<T>(entries: T[]): T[] {
  return entries.length % 2 ? entries.reverse() : entries;
}

/** JSON as servers write it: white space of all kinds, escapes where none are needed. */
function write(value: unknown, style: number): string {
  const text = style % 3 === 0 ? JSON.stringify(value, null, '\t') : JSON.stringify(value);
  const escaped =
    style % 2 === 0
      ? text
      : text
          .replace(/\//g, '\\/')
          .replace(/\+/g, '\\u002b')
          .replace(/b64_json/g, style % 5 === 0 ? 'b64\\u005fjson' : 'b64_json');
  return style % 7 === 0 ? `\uFEFF ${escaped}\r\n` : escaped;
}

describe('the response decoder', () => {
  it('gives what JSON.parse and Buffer.from give, however the document is written and cut', () => {
    fc.assert(
      fc.property(document, fc.nat(210), fc.array(fc.nat(5000), { maxLength: 30 }), (value, style, cuts) => {
        const text = write(value, style);
        assert.deepEqual(restore(decode(text, cuts)), expected(text));
      }),
      { numRuns: 2000, seed: 20261123 },
    );
  });

  it('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(
        document,
        fc.nat(210),
        fc.nat(),
        fc.constantFrom('', '}', ',', '"', '\\', 'x'),
        fc.array(fc.nat(5000), { maxLength: 10 }),
        (value, style, place, junk, cuts) => {
          const whole = Buffer.from(write(value, style));
          const text = Buffer.concat([whole.subarray(0, place % whole.length), Buffer.from(junk)]).toString();
          let refused = false;
          try {
            expected(text);
          } catch {
            refused = true;
          }
          assert.equal(parseJson(decode(text, cuts).text) === undefined, refused);
        },
      ),
      { numRuns: 2000, seed: 20261124 },
    );
  });

  it('takes a document byte by byte', () => {
    const bytes = Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 7) & 255));
    const text = JSON.stringify({
      data: [{ b64_json: bytes.toString('base64'), note: 'ünïcode \\ "quoted"' }, { b64_json: null }],
    }).replace(/\//g, '\\/');
    const all = Array.from({ length: text.length * 2 }, (_, index) => index);
    assert.deepEqual(restore(decode(text, all)), {
      data: [{ b64_json: bytes, note: 'ünïcode \\ "quoted"' }, { b64_json: null }],
    });
  });

  it('gives each image memory of its own', () => {
    const bytes = Buffer.alloc(900_000, 'image');
    const { text: rest, image } = decode(
      JSON.stringify([{ b64_json: bytes.toString('base64') }, { b64_json: 'AAAA' }]),
      [65_536, 131_072, 400_000],
    );
    for (const { b64_json: name } of parseJson(rest) as { b64_json: string }[])
      assert.equal(image(name)!.buffer.byteLength, image(name)!.length);
    assert.deepEqual(image((parseJson(rest) as { b64_json: string }[])[0]!.b64_json), bytes);
  });

  it('keeps the images that were whole when the document is cut', () => {
    const text = JSON.stringify({ data: [{ b64_json: 'AAAA' }, { b64_json: 'BBBBBBBB' }] });
    const { text: rest, whole } = decode(text.slice(0, text.indexOf('BBBB') + 5));
    assert.equal(parseJson(rest), undefined);
    assert.deepEqual(whole, [Buffer.alloc(3)]);
  });

  it('drops an image over the cap and goes on', () => {
    const text = JSON.stringify([{ b64_json: Buffer.alloc(2000).toString('base64') }, { b64_json: 'AAAA' }]);
    assert.deepEqual(restore(decode(text, [], 1000)), [{ b64_json: 'no base64' }, { b64_json: Buffer.alloc(3) }]);
  });

  it('leaves out what is nested deeper than anything that counts, and reads on behind it', () => {
    const text = `{"error":${'['.repeat(100_000)}${']'.repeat(100_000)},"data":[{"b64_json":"AAAA"}],"cost":1}`;
    const { data, cost } = restore(decode(text)) as Record<string, unknown>;
    assert.deepEqual([data, cost], [[{ b64_json: Buffer.alloc(3) }], 1]);
  });

  it('stops at more values than a response has, and keeps the images before', () => {
    const { text, whole } = decode(
      `{"data":[{"b64_json":"AAAA"},${'{"url":"a"},'.repeat(10_000)}{"b64_json":"AAAA"}]}`,
      [20_000],
    );
    assert.equal(parseJson(text), undefined);
    assert.deepEqual(whole[0], Buffer.alloc(3));
    const { data } = parseJson(closeJson(text)!) as { data: object[] };
    assert.ok(data.length > 1000 && data.length < 10_000, String(data.length));
  });
});

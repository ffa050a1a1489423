import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { type AnyMessage, serve, unload } from '../../helpers/flow.js';
import { answer, dataUrl, image } from '../../helpers/images.js';

/** What became of a message: how many requests went out, with how many images, and the sentence of the error. */
interface Ended {
  requests: number;
  body?: AnyMessage;
  refused?: string;
  warnings: string[];
}

const typed = { prompt: 'winter', promptType: 'str' };

async function run(message: AnyMessage, node: AnyMessage = typed): Promise<Ended> {
  const flow = await serve(answer([await image('gif')]), { node });
  const { out, caught } = await flow.send(message);
  const [body] = flow.service.seen.map(({ json }) => json as AnyMessage);
  for (const { failure } of caught) assert.equal(failure.charged, 'no');
  return {
    requests: flow.service.seen.length,
    ...(body && { body }),
    ...(caught[0] && { refused: caught[0].error.message as string }),
    warnings: (out[0]?.generation.warnings ?? []) as string[],
  };
}

/** An image whose base64 holds pluses: many of its bytes are 0xfb, 0xef, 0xbe. */
async function withPluses(): Promise<Buffer> {
  return Buffer.concat([await image('jpeg', 30, 20), Buffer.from('fbefbe'.repeat(20), 'hex')]);
}

describe('nanogpt-image takes an image however it is written as text', () => {
  afterEach(unload);

  const base64 = (bytes: Buffer): string => bytes.toString('base64');
  const encoded = (bytes: Buffer): string =>
    [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const forms: [string, (bytes: Buffer) => string][] = [
    ['a data URL for any image', (bytes) => `data:image/*;base64,${base64(bytes)}`],
    ['a data URL of no type', (bytes) => `data:;base64,${base64(bytes)}`],
    ['a data URL without its semicolon', (bytes) => `data:base64,${base64(bytes)}`],
    ['a data URL with blanks and parameters', (bytes) => `data:image/jpeg; name="a b.jpg"; base64,${base64(bytes)}`],
    [
      'a data URL whose base64 is percent-encoded',
      (bytes) => `data:image/jpeg;base64,${encodeURIComponent(base64(bytes))}`,
    ],
    [
      'a data URL that was encoded as a whole',
      (bytes) => encodeURIComponent(`data:image/jpeg;base64,${base64(bytes)}`),
    ],
    ['a data URL whose bytes are percent-encoded', (bytes) => `data:image/jpeg,${encoded(bytes)}`],
    ['a data URL in quotation marks', (bytes) => JSON.stringify(`data:image/jpeg;base64,${base64(bytes)}`)],
    ['a data URL without data:', (bytes) => `image/jpeg;base64,${base64(bytes)}`],
    ['a data URL with a blank behind the comma', (bytes) => `data:image/jpeg;base64, ${base64(bytes)}`],
    [
      'a data URL whose pluses became blanks',
      (bytes) => `data:image/jpeg;base64,${base64(bytes).replaceAll('+', ' ')}`,
    ],
    ['base64 whose pluses became blanks', (bytes) => base64(bytes).replaceAll('+', ' ')],
    ['base64 for addresses', (bytes) => bytes.toString('base64url')],
    ['base64 in lines', (bytes) => base64(bytes).replace(/.{76}/g, '$&\r\n')],
    ['base64 in lines whose breaks are written out', (bytes) => base64(bytes).replace(/.{76}/g, '$&\\n')],
    ['base64 folded with blanks', (bytes) => base64(bytes).replace(/.{64}/g, '$& ')],
    ['base64 as Python prints it', (bytes) => `b'${base64(bytes)}'`],
  ];
  for (const [title, form] of forms) {
    it(title, async () => {
      const bytes = await withPluses();
      const { body, refused } = await run({ payload: form(bytes) });
      assert.deepEqual([body?.imageDataUrl, refused], [dataUrl(bytes, 'image/jpeg'), undefined]);
    });

    it(`${title}, beside msg.prompt`, async () => {
      const bytes = await withPluses();
      const { body } = await run({ payload: form(bytes), prompt: 'blue' }, {});
      assert.deepEqual([body?.imageDataUrl, body?.prompt], [dataUrl(bytes, 'image/jpeg'), 'blue']);
    });
  }
});

describe('nanogpt-image pays for no text that is no prompt', () => {
  afterEach(unload);

  const rows: [string, (bytes: Buffer) => string, RegExp][] = [
    ['bytes read as UTF-8, as an http request node does by default', (bytes) => bytes.toString('utf8'), /Buffer/],
    ['bytes read as latin1', (bytes) => bytes.toString('latin1'), /Buffer/],
    ['base64 with a letter that is none', (bytes) => bytes.toString('base64').replace(/(.{300})./, '$1*'), /damaged/],
    [
      'base64 that is cut in the middle of a byte',
      (bytes) => `${bytes.subarray(0, 300).toString('base64')}A`,
      /damaged/,
    ],
    ['base64 of a BMP', () => bitmap().toString('base64'), /msg\.payload/],
    [
      'base64 of an SVG',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>').toString('base64'),
      /svg/,
    ],
    ['hexadecimal text', (bytes) => bytes.toString('hex'), /msg\.payload/],
    ['a data URL inside HTML', (bytes) => `<img alt="x" src="${dataUrl(bytes)}">`, /alone/],
    [
      'base64 in JSON that was not parsed',
      (bytes) => JSON.stringify({ cam: 1, image: bytes.toString('base64') }),
      /alone/,
    ],
    ['base64 in XML', (bytes) => `<shot><image>${bytes.toString('base64')}</image></shot>`, /alone/],
    ['a Buffer in JSON that was not parsed', (bytes) => JSON.stringify(bytes), /Buffer/],
    ['numbers', (bytes) => [...bytes].join(','), /Buffer/],
    ['octets apart', (bytes) => bytes.toString('hex').replace(/../g, '$& '), /Buffer/],
    ['what the log shows of a Buffer', (bytes) => inspect(bytes), /Buffer/],
    ['a text with a control character', () => 'a fox\0', /Buffer/],
    ['a text of replacement characters', () => '\ufffd\ufffdPNG', /Buffer/],
    ['a text of over 100,000 characters', () => 'a fox '.repeat(20_000), /100000/],
  ];
  for (const [title, form, says] of rows) {
    it(`as a trigger: ${title}`, async () => {
      const { requests, refused } = await run({ payload: form(await image('jpeg', 30, 20)) });
      assert.equal(requests, 0);
      assert.match(refused!, /msg\.payload/);
      assert.match(refused!, says);
    });

    it(`as the prompt: ${title}`, async () => {
      const { requests, refused } = await run({ payload: form(await image('jpeg', 30, 20)), prompt: 'blue' }, {});
      assert.equal(requests, 0);
      assert.match(refused!, says);
    });
  }

  for (const payload of [
    'rtsp://10.0.0.9/stream1',
    'file:///tmp/a.jpg',
    '/data/front.jpg',
    'C:\\photos\\a.png',
    './a/b',
  ]) {
    it(`a path in place of the image is refused, since the flow forgot to read it: ${payload}`, async () =>
      assert.match((await run({ payload })).refused!, /read it first/));
  }

  for (const payload of ['on', '/start', 'front door', 'a/b', 'Köln', '255,216,255', 'x'.repeat(150), 'motion\n']) {
    it(`a short text is a trigger: ${JSON.stringify(payload).slice(0, 30)}`, async () =>
      assert.equal((await run({ payload })).requests, 1));
  }

  it('an object that became text is no prompt', async () => {
    const { requests, refused } = await run({ payload: '[object Object]' }, {});
    assert.equal(requests, 0);
    assert.match(refused!, /must be the prompt as text/);
  });

  it('an address beside msg.prompt is refused with the way out: either could be meant as the prompt', async () => {
    const { requests, refused } = await run({ payload: 'https://example.com/a.png', prompt: 'blue' }, {});
    assert.equal(requests, 0);
    assert.match(refused!, /another property/);
  });

  it('a negative prompt of 100,001 characters', async () => {
    const { refused } = await run(
      { payload: 1, no: 'x '.repeat(50_001) },
      { ...typed, negativePrompt: 'no', negativePromptType: 'msg' },
    );
    assert.match(refused!, /negativePrompt .*100000/);
  });
});

describe('nanogpt-image finds the image in an object', () => {
  afterEach(unload);

  const forms: [string, (bytes: Buffer) => unknown][] = [
    ['a Blob', (bytes) => new Blob([new Uint8Array(bytes)])],
    ['a File', (bytes) => new File([new Uint8Array(bytes)], 'a.png')],
    ['an ArrayBuffer', (bytes) => new Uint8Array(bytes).buffer],
    ['a DataView', (bytes) => new DataView(new Uint8Array(bytes).buffer)],
    ['an array of numbers', (bytes) => [...bytes]],
    ['a Uint8Array that has been through JSON', (bytes) => ({ ...new Uint8Array(bytes) })],
    ['a Buffer whose data is base64', (bytes) => ({ type: 'Buffer', data: bytes.toString('base64') })],
    ['the message of a chat bot', (bytes) => ({ type: 'photo', chatId: 1, content: bytes })],
    ['the message of a chat bot through JSON', (bytes) => ({ type: 'photo', content: bytes.toJSON() })],
    [
      'an uploaded file',
      (bytes) => ({ originalname: 'a.png', mimetype: 'image/png', buffer: bytes, size: bytes.length }),
    ],
    ['the answer of an API', (bytes) => ({ content_type: 'image/png', data: bytes.toString('base64') })],
  ];
  for (const [title, form] of forms) {
    it(title, async () => {
      const bytes = await image('png', 20, 20);
      const { body, refused } = await run({ payload: form(bytes) });
      assert.deepEqual([body?.imageDataUrl, refused], [dataUrl(bytes), undefined]);
    });
  }

  class Bitmap {
    readonly bitmap = { data: Buffer.alloc(16), width: 2, height: 2 };
  }
  const refusals: [string, () => unknown, RegExp][] = [
    ['a Promise', () => Promise.resolve(Buffer.alloc(0)), /await/],
    ['a stream', () => Readable.from([Buffer.from('x')]), /stream.*Buffer/],
    ['a web stream', () => new Blob(['x']).stream(), /stream.*Buffer/],
    ['an image of Jimp', () => new Bitmap(), /getBuffer/],
    ['a Map', () => new Map([['a', 1]]), /class Map/],
    [
      'two images without a word about which one',
      () => ({ before: Buffer.from('x'), after: Buffer.from('y') }),
      /msg\.payload\.before/,
    ],
    ['bytes further inside', () => ({ files: [{ buffer: Buffer.from('x') }] }), /msg\.payload\.files\.0\.buffer/],
    ['bytes that are no image', () => ({ raw: Buffer.from('x') }), /msg\.payload\.raw/],
    [
      'a file in the name of a form field, as curl -d sends it',
      () => ({ '\ufffd\ufffd\ufffd\0\x10JFIF': '' }),
      /Buffer/,
    ],
  ];
  for (const [title, form, says] of refusals) {
    it(`refuses ${title}`, async () => {
      const { requests, refused } = await run({ payload: form() });
      assert.equal(requests, 0);
      assert.match(refused!, says);
    });
  }

  const triggers: [string, unknown][] = [
    ['a plain object', { temperature: 21, tags: ['a'], nested: { deep: { er: 'x' } } }],
    ['an object of a function node', runInContext('({ temperature: 21 })', createContext({}))],
    ['an object without prototype', Object.assign(Object.create(null) as object, { a: 1 })],
    ['a few numbers by index', { 0: 1, 1: 0, 2: 21 }],
    ['a signature or a hash', { hash: 'ab12'.repeat(80) }],
    ['a date', new Date()],
  ];
  for (const [title, payload] of triggers) {
    it(`is triggered by ${title}`, async () => assert.equal((await run({ payload })).requests, 1));
  }

  it('takes no class instance in a list either', async () =>
    assert.match((await run({ payload: [await image(), Promise.resolve(1)] })).refused!, /msg\.payload\[1\].*await/));

  it('takes no more than 64 images', async () =>
    assert.match((await run({ payload: Array.from({ length: 65 }, () => 'x') })).refused!, /65.*64/));
});

describe('nanogpt-image takes no piece of a file', () => {
  afterEach(unload);
  const parts = { id: 'f', type: 'buffer', index: 0, ch: '' };

  it('as a file in node sends it', async () => {
    const { requests, refused } = await run({ payload: await image('jpeg', 400, 400), parts });
    assert.deepEqual([requests, /piece/.test(refused!)], [0, true]);
  });

  it('but a file that fits into one', async () =>
    assert.equal((await run({ payload: await image(), parts: { ...parts, count: 1 } })).requests, 1));

  it('and lets pieces trigger nothing else: an image from another property does not care', async () => {
    const node = { ...typed, image: 'photo', imageType: 'msg' };
    assert.equal((await run({ payload: 'x', photo: await image(), parts }, node)).requests, 1);
  });
});

describe('nanogpt-image writes only words into a prompt', () => {
  afterEach(unload);
  const fill = (payload: unknown, prompt = 'a fox in {{payload}}'): Promise<Ended> =>
    run({ payload, topic: 'x' }, { prompt, promptType: 'str', image: '', imageType: 'msg' });

  const words: [string, unknown, string][] = [
    ['a number', 7, 'a fox in 7'],
    ['true', true, 'a fox in true'],
    ['a list of words', ['red', 'blue'], 'a fox in red,blue'],
    ['the parts of a colour', [255, 0, 64], 'a fox in 255,0,64'],
  ];
  for (const [title, payload, prompt] of words) {
    it(title, async () => assert.equal((await fill(payload)).body!.prompt, prompt));
  }

  const others: [string, () => unknown][] = [
    ['a Buffer', () => Buffer.from('snow')],
    ['a data URL', () => dataUrl(Buffer.from('x'))],
    ['base64', () => Buffer.from('a longer text '.repeat(30)).toString('base64')],
    ['bytes as text', () => '\x89PNG\r\n\x1a\n\0\0\0'],
    ['an object', () => ({ place: 'snow' })],
    ['a list of objects', () => [{ place: 'snow' }]],
    ['many numbers', () => Array.from({ length: 99 }, (_, index) => index)],
    ['a Buffer through JSON', () => Buffer.from('snow').toJSON()],
  ];
  for (const [title, payload] of others) {
    for (const tag of ['{{payload}}', '{{{payload}}}', '{{&payload}}']) {
      it(`refuses ${title} in ${tag}, naming the tag`, async () => {
        const { requests, refused } = await fill(payload(), `a fox in ${tag}`);
        assert.equal(requests, 0);
        assert.match(refused!, /\{\{payload\}\}/);
      });
    }
  }

  for (const payload of [undefined, null, '']) {
    it(`warns where ${JSON.stringify(payload) ?? 'nothing'} is found`, async () => {
      const { body, warnings } = await fill(payload);
      assert.equal(body!.prompt, 'a fox in ');
      assert.match(warnings.join(), /\{\{payload\}\}/);
    });
  }

  it('warns not of a section that is left out', async () =>
    assert.deepEqual((await fill(undefined, 'a fox{{#payload}} in {{payload}}{{/payload}}')).warnings, []));
});

/** A Windows bitmap of 16 x 16. */
function bitmap(): Buffer {
  const bytes = Buffer.alloc(54 + 16 * 16 * 3, 0x7f);
  bytes.fill(0, 0, 54);
  bytes.write('BM');
  for (const [offset, value] of [[2, bytes.length], [10, 54], [14, 40], [18, 16], [22, 16]] as const) bytes.writeUInt32LE(value, offset); // prettier-ignore
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  return bytes;
}

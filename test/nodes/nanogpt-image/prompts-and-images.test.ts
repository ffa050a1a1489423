import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { type AnyMessage, serve, unload } from '../../helpers/flow.js';
import { answer, dataUrl, formats, mask, image } from '../../helpers/images.js';
import { startService } from '../../helpers/service.js';

/** What a message led to: the body that was sent, or the sentence of the error with which it ended unsent. */
async function ask(
  message: AnyMessage,
  node: AnyMessage = {},
  account: AnyMessage = {},
): Promise<{ sent?: AnyMessage; refused?: string; out?: AnyMessage }> {
  const flow = await serve(answer([await image('gif')]), { node, account });
  const { out, caught } = await flow.send(message);
  assert.equal(out.length + caught.length, 1);
  if (out.length === 1) return { sent: flow.service.seen[0]!.json, out: out[0]! };
  assert.deepEqual(
    [caught[0]!.failure.code, caught[0]!.failure.charged, flow.service.seen],
    ['invalid_input', 'no', []],
  );
  return { refused: caught[0]!.error.message as string };
}

const inNode = { prompt: 'winter', promptType: 'str' };
const uint8 = (bytes: Buffer): Uint8Array => new Uint8Array(bytes);
const jsoned = (bytes: Buffer): unknown => JSON.parse(JSON.stringify(bytes));

const forms: [string, (bytes: Buffer) => unknown][] = [
  ['a Buffer', (bytes) => bytes],
  ['a Uint8Array', uint8],
  ['a data URL', (bytes) => dataUrl(bytes)],
  ['a data URL with parameters', (bytes) => dataUrl(bytes, 'image/png;name=a.png')],
  [
    'a data URL in percent signs',
    (bytes) => `data:image/png,${[...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')}`,
  ],
  ['base64 text', (bytes) => bytes.toString('base64')],
  ['base64 text in lines', (bytes) => bytes.toString('base64').replace(/.{76}/g, '$&\r\n')],
  ['a Buffer that has been through JSON', jsoned],
];

describe('nanogpt-image reads prompt and image from the same property', () => {
  afterEach(unload);

  for (const text of [
    'a fox',
    'https://example.com/a.png',
    'data: a chart of sales',
    'Zm94',
    'iVBORw0KGgo is how a PNG begins',
    '/9j/ and on',
    '{"a":1}',
  ]) {
    it(`the text “${text}” is the prompt`, async () =>
      assert.deepEqual((await ask({ payload: text })).sent, { prompt: text }));
  }

  it('a long text without blanks in the alphabet of base64 is no prompt, since an image of it would be money wasted', async () => {
    const payload = Buffer.from('once upon a time '.repeat(20)).toString('base64');
    assert.match((await ask({ payload })).refused!, /msg\.payload/);
  });

  for (const [title, form] of forms) {
    it(`${title} is the image, and msg.prompt the prompt`, async () => {
      const bytes = await image();
      const { sent } = await ask({ payload: form(bytes), prompt: 'winter' });
      assert.deepEqual(sent, { prompt: 'winter', imageDataUrl: dataUrl(bytes) });
    });
  }

  it('a list of any of these is several images, in their order', async () => {
    const all = await Promise.all(
      forms.map(async ([, form], index) => ({ bytes: await image('png', 5, index + 1), form })),
    );
    const { sent } = await ask({ payload: all.map(({ bytes, form }) => form(bytes)), prompt: 'all' });
    assert.deepEqual(sent, { prompt: 'all', imageDataUrls: all.map(({ bytes }) => dataUrl(bytes)) });
  });

  it('a list of one is one image', async () => {
    assert.deepEqual((await ask({ payload: [await image()], prompt: 'x' })).sent, {
      prompt: 'x',
      imageDataUrl: dataUrl(await image()),
    });
  });

  for (const prompt of [undefined, null, '', '  ', 7, {}]) {
    it(`an image with ${JSON.stringify(prompt) ?? 'nothing'} in msg.prompt is refused, naming it`, async () => {
      assert.match((await ask({ payload: await image(), prompt })).refused!, /msg\.prompt/);
    });
  }

  it('the same where both are read from another property', async () => {
    const node = { prompt: 'input', promptType: 'msg', image: 'input', imageType: 'msg' };
    assert.deepEqual((await ask({ input: 'a fox', payload: 7 }, node)).sent, { prompt: 'a fox' });
    await unload();
    assert.deepEqual((await ask({ input: await image(), prompt: 'winter', payload: 7 }, node)).sent, {
      prompt: 'winter',
      imageDataUrl: dataUrl(await image()),
    });
  });

  it('a property of the prompt that yields an image leaves the prompt to msg.prompt', async () => {
    const { sent } = await ask(
      { snapshot: await image(), payload: 1, prompt: 'winter' },
      { prompt: 'snapshot', promptType: 'msg' },
    );
    assert.deepEqual(sent, { prompt: 'winter' });
  });
});

describe('nanogpt-image takes the payload as a trigger where the prompt comes from elsewhere', () => {
  afterEach(unload);

  for (const payload of ['pressed', '', 1763880000000, 0, true, false, null, undefined, {}, { temperature: 21 }]) {
    it(`${JSON.stringify(payload) ?? 'nothing'} only triggers`, async () =>
      assert.deepEqual((await ask({ payload }, inNode)).sent, { prompt: 'winter' }));
  }

  for (const [title, form] of forms) {
    it(`${title} is the image`, async () => {
      assert.deepEqual((await ask({ payload: form(await image()) }, inNode)).sent, {
        prompt: 'winter',
        imageDataUrl: dataUrl(await image()),
      });
    });
  }

  it('also where the prompt is another property of the message', async () => {
    const node = { prompt: 'topic', promptType: 'msg' };
    assert.deepEqual((await ask({ topic: 'a fox', payload: true }, node)).sent, { prompt: 'a fox' });
  });

  const none: [string, unknown][] = [
    ['a Buffer that is no image', Buffer.from('hello')],
    ['an empty Buffer', Buffer.alloc(0)],
    ['a Uint8Array that is no image', new Uint8Array(100)],
    ['a list without images', ['a', 'b']],
    ['an empty list', []],
    ['a list with a number', [1]],
    ['a list in a list', [[1]]],
    ['a data URL that is no image', 'data:text/plain;base64,aGVsbG8='],
    ['a data URL of a broken image', 'data:image/png;base64,AAAA'],
    ['a JSON-ed Buffer that is none', { type: 'Buffer', data: [1, 2, 3] }],
    ['the head of a PNG alone', Buffer.from('89504e470d0a1a0a', 'hex')],
    ['base64 text of a cut JPEG', Buffer.from('ffd8ffe000104a46494600'.padEnd(600, '07'), 'hex').toString('base64')],
    ['a PDF', Buffer.from('%PDF-1.7 '.padEnd(300))],
  ];
  for (const [title, payload] of none) {
    it(`${title} is refused, never a paid image from text`, async () =>
      assert.match((await ask({ payload }, inNode)).refused!, /msg\.payload/));
    it(`${title} is refused where it may be the prompt, too`, async () =>
      assert.match((await ask({ payload, prompt: 'winter' })).refused!, /msg\.payload/));
  }

  it('names the one in a list that is no image', async () => {
    assert.match((await ask({ payload: [await image(), Buffer.from('x')] }, inNode)).refused!, /msg\.payload\[1\]/);
  });

  it('an address is an image there, and is fetched', async () => {
    const host = await startService({ body: await image() });
    const { sent } = await ask({ payload: `${host.url}/snapshot.png` }, inNode, { imageUrls: 'any' });
    assert.deepEqual(
      [sent, host.seen[0]!.path],
      [{ prompt: 'winter', imageDataUrl: dataUrl(await image()) }, '/snapshot.png'],
    );
  });
});

describe('nanogpt-image takes the image from a property that was chosen', () => {
  afterEach(unload);
  const node = { image: 'snapshot', imageType: 'msg' };

  for (const snapshot of [undefined, null, '']) {
    it(`${JSON.stringify(snapshot) ?? 'nothing'} there is no image`, async () =>
      assert.deepEqual((await ask({ payload: 'a fox', snapshot }, node)).sent, { prompt: 'a fox' }));
  }

  for (const snapshot of [0, 7, true, false, {}, 'a fox', ' ', Buffer.from('x'), []]) {
    it(`${JSON.stringify(snapshot)} there is refused`, async () =>
      assert.match((await ask({ payload: 'a fox', snapshot }, node)).refused!, /msg\.snapshot/));
  }

  for (const [title, form] of forms) {
    it(`${title} there is the image, beside a prompt in the payload`, async () => {
      assert.deepEqual((await ask({ payload: 'winter', snapshot: form(await image()) }, node)).sent, {
        prompt: 'winter',
        imageDataUrl: dataUrl(await image()),
      });
    });
  }

  it('from flow context and from an expression', async () => {
    const flow = await serve(answer([await image()]), { node: { ...inNode, image: 'last', imageType: 'flow' } });
    helper
      .getNode('node')
      .context()
      .flow.set('last', await image('jpeg'));
    await flow.send({ payload: 1 });
    assert.equal(flow.service.seen[0]!.json.imageDataUrl, dataUrl(await image('jpeg'), 'image/jpeg'));
    await unload();
    const { sent } = await ask(
      { camera: { front: await image() } },
      { ...inNode, image: 'camera.front', imageType: 'jsonata' },
    );
    assert.equal(sent!.imageDataUrl, dataUrl(await image()));
  });

  for (const format of formats.filter((name) => name !== 'avif')) {
    it(`a ${format} goes as it is`, async () => {
      const bytes = await image(format);
      const before = Buffer.from(bytes);
      assert.equal(
        (await ask({ payload: bytes, prompt: 'winter' })).sent!.imageDataUrl,
        dataUrl(before, `image/${format}`),
      );
      assert.deepEqual(bytes, before);
    });
  }
});

describe('nanogpt-image inpaints with a mask', () => {
  afterEach(unload);

  for (const [title, form] of forms) {
    it(`that is ${title}`, async () => {
      const [photo, area] = [await image('jpeg'), await mask()];
      const { sent, out } = await ask({ payload: photo, prompt: 'a door', mask: form(area) });
      assert.deepEqual(sent, {
        prompt: 'a door',
        imageDataUrl: dataUrl(photo, 'image/jpeg'),
        maskDataUrl: dataUrl(area),
      });
      assert.equal(out!.generation.mode, 'inpainting');
    });
  }

  it('and removes it from the message that goes on', async () => {
    const { out } = await ask({ payload: await image(), prompt: 'a door', mask: await mask(), topic: 'x' });
    assert.deepEqual(['mask' in out!, out!.topic], [false, 'x']);
  });

  for (const path of ['work.mask', 'work["mask"]']) {
    it(`and removes it at ${path}, but not from the message that came in`, async () => {
      const incoming = { payload: await image(), prompt: 'a door', work: { mask: await mask(), other: 1 } };
      const { out } = await ask(incoming, { mask: path });
      assert.deepEqual(out!.work, { other: 1 });
      assert.ok('mask' in incoming.work);
    });
  }

  it('and keeps what is in context', async () => {
    const flow = await serve(answer([await image()]), { node: { mask: 'mask', maskType: 'flow' } });
    const context = helper.getNode('node').context().flow;
    context.set('mask', await mask());
    const { out } = await flow.send({ payload: await image(), prompt: 'a door', mask: 'mine' });
    assert.equal(flow.service.seen[0]!.json.maskDataUrl, dataUrl(await mask()));
    assert.deepEqual([out[0]!.mask, Buffer.isBuffer(context.get('mask'))], ['mine', true]);
  });

  it('refuses a mask without an image, naming both', async () => {
    const sentence = (await ask({ payload: 'a door', mask: await image() })).refused!;
    assert.match(sentence, /msg\.mask/);
    assert.match(sentence, /msg\.payload/);
  });

  it('refuses more than one mask', async () => {
    assert.match(
      (await ask({ payload: await image(), prompt: 'a door', mask: [await image(), await image()] })).refused!,
      /msg\.mask.* 2 /,
    );
  });

  for (const area of ['yes', 7, true, {}, Buffer.from('x'), []]) {
    it(`refuses ${JSON.stringify(area)} as a mask`, async () =>
      assert.match((await ask({ payload: await image(), prompt: 'x', mask: area })).refused!, /msg\.mask/));
  }

  for (const area of [undefined, null, '']) {
    it(`makes do without where it is ${JSON.stringify(area) ?? 'nothing'}`, async () => {
      const { sent, out } = await ask({ payload: await image(), prompt: 'x', mask: area });
      assert.deepEqual([sent!.maskDataUrl, out!.generation.mode], [undefined, 'image-to-image']);
    });
  }
});

describe('nanogpt-image fills the tags of a prompt', () => {
  afterEach(unload);
  const prompt = async (template: string, message: AnyMessage = {}): Promise<unknown> =>
    (await ask(message, { prompt: template, promptType: 'str' })).sent?.prompt;

  const message = {
    topic: 'fox',
    payload: { name: 'R&D', tags: ['red', 'blue'], deep: { er: 0 } },
    html: '<b>"it\'s"</b>',
  };
  for (const [template, expected] of [
    ['a {{topic}} at night', 'a fox at night'],
    ['a {{payload.name}} & {{payload.deep.er}}', 'a R&D & 0'],
    ['{{html}} {{{html}}} {{&html}}', `${message.html} ${message.html} ${message.html}`],
    ['{{#payload.tags}}{{.}}, {{/payload.tags}}done', 'red, blue, done'],
    ['{{^payload.none}}nothing{{/payload.none}}{{! a remark }}', 'nothing'],
    ['with {{nothing.at.all}}a gap', 'with a gap'],
    ['a single { and a }}', 'a single { and a }}'],
  ] as const) {
    it(template, async () => assert.equal(await prompt(template, message), expected));
  }

  it('from flow, global and environment, also within a section', async () => {
    const template =
      '{{flow.place}}, {{global.season.name}}, {{env.NANOGPT_TEST_CITY}}, {{#topics}}{{.}} {{flow.place}}{{/topics}}';
    const flow = await serve(answer([await image()]), { node: { prompt: template, promptType: 'str' } });
    process.env.NANOGPT_TEST_CITY = 'Bern';
    const context = helper.getNode('node').context();
    context.flow.set('place', 'a lake');
    context.global.set('season', { name: 'winter' });
    await flow.send({ topics: ['by'] });
    delete process.env.NANOGPT_TEST_CITY;
    assert.equal(flow.service.seen[0]!.json.prompt, 'a lake, winter, Bern, by a lake');
  });

  it('a text in a property is taken as it is', async () =>
    assert.equal((await ask({ payload: '{{topic}}', topic: 'x' })).sent!.prompt, '{{topic}}'));

  for (const [template, pattern] of [
    ['a {{topic', /tag/],
    ['{{#a}}never closed', /tag/],
    ['{{nothing}} ', /prompt is empty/],
    ['', /prompt is empty/],
    ['   ', /prompt is empty/],
  ] as const) {
    it(`refuses “${template}”`, async () =>
      assert.match((await ask({}, { prompt: template, promptType: 'str' })).refused!, pattern));
  }

  for (const [type, value] of [
    ['jsonata', '"a " & topic'],
    ['env', 'NANOGPT_TEST_PROMPT'],
  ] as const) {
    it(`reads a prompt from ${type}`, async () => {
      process.env.NANOGPT_TEST_PROMPT = 'a fox';
      assert.equal((await ask({ topic: 'fox' }, { prompt: value, promptType: type })).sent!.prompt, 'a fox');
      delete process.env.NANOGPT_TEST_PROMPT;
    });
  }
});

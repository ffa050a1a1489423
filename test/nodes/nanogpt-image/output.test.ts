import assert from 'node:assert/strict';
import { type AnyMessage, type FlowOptions, serve, unload } from '../../helpers/flow.js';
import { answer, dataUrl, mask, image } from '../../helpers/images.js';

/** The messages that come out for one that asks for images of these formats. */
async function make(images: Buffer[], node: AnyMessage = {}, message: AnyMessage = {}): Promise<AnyMessage[]> {
  const flow = await serve(answer(images), { node: { count: String(images.length), ...node } });
  const { out, caught } = await flow.send({ payload: 'a fox', ...message });
  assert.deepEqual(caught, []);
  return out;
}

async function three(): Promise<Buffer[]> {
  return [await image('png'), await image('jpeg'), await image('webp')];
}

describe('nanogpt-image sends images on', () => {
  afterEach(unload);

  const forms: [string, string, (bytes: Buffer, mime: string) => unknown][] = [
    ['buffer', 'a Buffer', (bytes) => bytes],
    ['dataUrl', 'a data URL', dataUrl],
    ['base64', 'base64 text', (bytes) => bytes.toString('base64')],
  ];
  const mimes = ['image/png', 'image/jpeg', 'image/webp'];
  for (const [output, title, form] of forms) {
    it(`each as ${title}`, async () => {
      const images = await three();
      const out = await make(images, { output });
      assert.deepEqual(
        out.map(({ payload }) => payload as unknown),
        images.map((bytes, index) => form(bytes, mimes[index]!)),
      );
    });

    it(`all in one message, each as ${title}`, async () => {
      const images = await three();
      const out = await make(images, { output, deliver: 'all' });
      assert.deepEqual(
        out.map(({ payload }) => payload as unknown),
        [images.map((bytes, index) => form(bytes, mimes[index]!))],
      );
    });
  }

  it('all as an array even where it is one', async () => {
    const [message] = await make([await image()], { deliver: 'all' });
    assert.deepEqual([message!.payload, message!.imageInfo.length], [[await image()], 1]);
  });

  it('with what they are in msg.imageInfo', async () => {
    const [first, second] = await make(
      [await image('png', 7, 5), await image('jpeg')],
      {},
      { payload: 'A red fox, in Köln/Bonn: *now*' },
    );
    const { filename, ...info } = first!.imageInfo as AnyMessage;
    assert.deepEqual(info, {
      mime: 'image/png',
      extension: 'png',
      width: 7,
      height: 5,
      bytes: first!.payload.length,
      index: 0,
      count: 2,
    });
    assert.match(filename, /^[a-z0-9-]+-1\.png$/);
    assert.match(second!.imageInfo.filename, /-2\.jpg$/);
    assert.deepEqual([second!.imageInfo.index, second!.imageInfo.count], [1, 2]);
  });

  it('with an array of that where all come in one', async () => {
    const [message] = await make(await three(), { deliver: 'all' });
    assert.deepEqual(
      (message!.imageInfo as AnyMessage[]).map(({ mime, index, count }) => [mime, index, count]),
      mimes.map((mime, index) => [mime, index, 3]),
    );
  });

  for (const prompt of ['🦊🦊🦊', '../../etc/passwd', 'fox '.repeat(500), 'ﬃ'.repeat(33_000), 'con', 'a\nb\tc']) {
    it(`under a name that every file system takes: “${prompt.slice(0, 20)}”`, async () => {
      const [message] = await make([await image()], {}, { payload: prompt });
      assert.match(message!.imageInfo.filename, /^[a-z0-9][a-z0-9-]{0,80}\.png$/);
    });
  }

  it('with what was asked and done in msg.generation', async () => {
    const node = { model: 'flux', size: '6x4', seed: '7' };
    const [message] = await make([await image('png', 6, 4)], node);
    const { durationMs, ...rest } = message!.generation as AnyMessage;
    assert.ok(Number.isInteger(durationMs) && durationMs >= 0);
    assert.deepEqual(rest, {
      model: 'flux', prompt: 'a fox', count: 1, received: 1, size: '6x4', seed: 7, mode: 'text-to-image', service: 'nanogpt', attempts: 1, warnings: [],
    }); // prettier-ignore
  });

  for (const [mode, message] of [
    ['text-to-image', {}],
    ['image-to-image', { payload: 'P', prompt: 'x' }],
    ['inpainting', { payload: 'P', prompt: 'x', mask: 'M' }],
  ] as const) {
    it(`with the mode ${mode}`, async () => {
      const bytes = await image();
      const values: Record<string, unknown> = { P: bytes, M: await mask() };
      const filled = Object.fromEntries(Object.entries(message).map(([key, value]) => [key, values[value] ?? value]));
      const [made] = await make([bytes], {}, filled);
      assert.deepEqual(
        [made!.generation.mode, made!.generation.prompt],
        [mode, mode === 'text-to-image' ? 'a fox' : 'x'],
      );
    });
  }

  it('with all other properties as they were, but no failure of an earlier try', async () => {
    const incoming = {
      _msgid: 'id-1',
      topic: 't',
      req: { url: '/x' },
      nested: { list: [1, { deep: Buffer.from('x') }] },
      failure: { code: 'x' },
      retries: 2,
    };
    for (const message of await make(await three(), {}, incoming)) {
      const { _msgid, topic, req, nested, retries } = message;
      assert.deepEqual(
        { _msgid, topic, req, nested, retries },
        { _msgid: 'id-1', topic: 't', req: incoming.req, nested: incoming.nested, retries: 2 },
      );
      assert.ok(!('failure' in message));
    }
  });

  it('and changes nothing in the message that came in', async () => {
    const bytes = await image('jpeg');
    const incoming = {
      _msgid: 'id',
      payload: bytes,
      prompt: 'x',
      mask: await mask(),
      nested: { a: 1 },
      failure: { code: 'x' },
    };
    const before = JSON.stringify(incoming);
    await make([await image()], {}, incoming);
    assert.equal(JSON.stringify(incoming), before);
  });

  it('to both of two messages with the same id', async () => {
    const images = [await image('png'), await image('gif')];
    const flow = await serve(({ json }) => answer([images[Number(json.prompt)]!]));
    const { out, completed } = await flow.send({ _msgid: 'same', payload: '0' }, { _msgid: 'same', payload: '1' });
    assert.deepEqual(
      new Map(out.map(({ generation, payload }) => [generation.prompt as string, payload as Buffer])),
      new Map([
        ['0', images[0]],
        ['1', images[1]],
      ]),
    );
    assert.equal(completed.length, 2);
  });

  it('and fails one of two messages with the same id without the other', async () => {
    const bytes = await image();
    const flow = await serve(({ json }) =>
      json.prompt === 'bad' ? { status: 400, body: { error: 'x' } } : answer([bytes]),
    );
    const { out, caught } = await flow.send({ _msgid: 'same', payload: 'bad' }, { _msgid: 'same', payload: 'good' });
    assert.deepEqual(
      [caught.map(({ payload }) => payload as string), out.map(({ generation }) => generation.prompt as string)],
      [['bad'], ['good']],
    );
  });
});

describe('nanogpt-image keeps sequences in order', () => {
  afterEach(unload);
  const incoming = { parts: { id: 'outer', type: 'array', index: 1, count: 2, len: 1 } };

  it('one image keeps the parts that came', async () => {
    assert.deepEqual((await make([await image()], {}, incoming))[0]!.parts, incoming.parts);
  });

  it('one image without parts has none', async () => assert.ok(!('parts' in (await make([await image()]))[0]!)));

  it('all in one keep the parts that came', async () => {
    assert.deepEqual((await make(await three(), { deliver: 'all' }, incoming))[0]!.parts, incoming.parts);
  });

  it('several get their own', async () => {
    const out = await make(await three());
    const { id } = out[0]!.parts as { id: string };
    assert.deepEqual(
      out.map(({ parts }) => parts as unknown),
      [0, 1, 2].map((index) => ({ id, type: 'array', len: 1, index, count: 3 })),
    );
    assert.match(id, /\w+/);
  });

  it('several nest the parts that came, as Split does', async () => {
    const out = await make(await three(), {}, incoming);
    assert.deepEqual(
      out.map(({ parts }) => parts.parts as unknown),
      [incoming.parts, incoming.parts, incoming.parts],
    );
  });

  it('several have no parts of others where fewer came than asked', async () => {
    assert.deepEqual((await make([await image()], { count: '3' }, incoming))[0]!.parts, incoming.parts);
  });

  const splitAndJoin: FlowOptions = {
    core: ['sequence/17-split'],
    more: [
      {
        id: 'split',
        type: 'split',
        z: 'tab',
        x: 1,
        y: 1,
        arraySplt: 1,
        arraySpltType: 'len',
        splt: '\\n',
        spltType: 'str',
        stream: false,
        addname: '',
        wires: [['node']],
      },
      {
        id: 'join',
        type: 'join',
        z: 'tab',
        x: 1,
        y: 1,
        mode: 'auto',
        build: 'object',
        joiner: '\\n',
        joinerType: 'str',
        accumulate: false,
        wires: [['out']],
      },
    ],
  };

  it('Split -> image -> Join gives one array, in the order of the prompts', async () => {
    const images: Record<string, Buffer> = { a: await image('png'), b: await image('jpeg'), c: await image('gif') };
    const flow = await serve(({ json }) => answer([images[json.prompt as string]!]), {
      ...splitAndJoin,
      node: { wires: [['join']] },
    });
    flow.put('split', { payload: ['a', 'b', 'c'], topic: 'table' });
    const [joined] = await flow.out(1);
    assert.deepEqual(joined!.payload, [images.a, images.b, images.c]);
    assert.deepEqual([joined!.topic, 'parts' in joined!], ['table', false]);
  });

  it('a count of 3 joins to three', async () => {
    const flow = await serve(answer(await three()), { ...splitAndJoin, node: { wires: [['join']], count: '3' } });
    flow.start({ payload: 'a fox' });
    const [joined] = await flow.out(1);
    assert.deepEqual(joined!.payload, await three());
  });

  it('a count of 2 within Split and two Joins is an array of pairs', async () => {
    const second = { ...splitAndJoin.more![1]!, id: 'join2', wires: [['out']] };
    const first = { ...splitAndJoin.more![1]!, wires: [['join2']] };
    const flow = await serve(answer([await image('png'), await image('gif')]), {
      ...splitAndJoin,
      more: [splitAndJoin.more![0]!, first, second],
      node: { wires: [['join']], count: '2' },
    });
    flow.put('split', { payload: ['a', 'b'] });
    const [joined] = await flow.out(1);
    const pair = [await image('png'), await image('gif')];
    assert.deepEqual(joined!.payload, [pair, pair]);
  });
});

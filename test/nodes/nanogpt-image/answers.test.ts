import assert from 'node:assert/strict';
import { type AnyMessage, type FlowOptions, type ServedFlow, serve, unload } from '../../helpers/flow.js';
import { addresses, answer, dataUrl, formats, image } from '../../helpers/images.js';
import { type Reply, type TestService, startService } from '../../helpers/service.js';

/** What comes out for one message, and the flow that it went through. */
async function make(
  reply: TestService['reply'],
  options: FlowOptions = {},
  message: AnyMessage = { payload: 'a fox' },
): Promise<{ out: AnyMessage[]; flow: ServedFlow }> {
  const flow = await serve(reply, options);
  const { out, caught } = await flow.send(message);
  assert.deepEqual(
    caught.map(({ error }) => error.message as string),
    [],
  );
  return { out, flow };
}

/** A storage host that serves one image under every path but those that are answered otherwise. */
async function storage(bytes: Buffer, others: Record<string, Reply> = {}): Promise<TestService> {
  return startService(
    ({ path }) => others[path] ?? { headers: { 'content-type': 'binary/octet-stream' }, body: bytes },
  );
}

describe('nanogpt-image delivers what the service made', () => {
  afterEach(unload);

  for (const format of formats) {
    it(`a ${format} arrives byte for byte, its type and size read from the bytes`, async () => {
      const bytes = await image(format, 9, 5);
      const { out } = await make(answer([bytes]));
      const { mime, extension, width, height, bytes: length } = out[0]!.imageInfo;
      assert.deepEqual(out[0]!.payload, bytes);
      assert.deepEqual(
        [mime, extension, width, height, length],
        [`image/${format}`, format === 'jpeg' ? 'jpg' : format, 9, 5, bytes.length],
      );
    });
  }

  it('downloads an address at once, without the key', async () => {
    const bytes = await image('webp');
    const host = await storage(bytes);
    const { out } = await make(addresses([`${host.url}/a.png?signature=x`]));
    assert.deepEqual(out[0]!.payload, bytes);
    assert.deepEqual(
      host.seen.map(({ method, path }) => `${method} ${path}`),
      ['GET /a.png?signature=x'],
    );
    assert.deepEqual(
      Object.keys(host.seen[0]!.headers).filter((name) => /auth|key|cookie/.test(name)),
      [],
    );
    assert.deepEqual([out[0]!.imageInfo.url, out[0]!.imageInfo.expires], [`${host.url}/a.png?signature=x`, undefined]);
  });

  it('sends no key to an address on the host of the service itself', async () => {
    const bytes = await image();
    const { flow } = await make(({ method, headers }) =>
      method === 'POST' ? addresses([`http://${headers.host}/a.png`]) : { body: bytes },
    );
    assert.deepEqual(
      flow.service.seen.map(({ headers }) => headers.authorization !== undefined),
      [true, false],
    );
  });

  it('follows the redirect of an address', async () => {
    const bytes = await image();
    const host = await storage(bytes, { '/old': { status: 302, headers: { location: '/new' } } });
    assert.deepEqual((await make(addresses([`${host.url}/old`]))).out[0]!.payload, bytes);
  });

  it('knows until when a signed address works', async () => {
    const host = await storage(await image());
    const { out } = await make(addresses([`${host.url}/a.png?X-Amz-Date=20261123T235930Z&X-Amz-Expires=3600`]));
    assert.equal(out[0]!.imageInfo.expires, '2026-11-24T00:59:30.000Z');
  });

  for (const [asked, answered] of [
    ['url', 'b64_json'],
    ['b64_json', 'url'],
  ] as const) {
    it(`asked for ${asked}, understands ${answered}`, async () => {
      const bytes = await image();
      const host = await storage(bytes);
      const { out, flow } = await make(answered === 'url' ? addresses([`${host.url}/a.png`]) : answer([bytes]), {
        node: { responseFormat: asked },
      });
      assert.equal(flow.service.seen[0]!.json.response_format, asked);
      assert.deepEqual(out[0]!.payload, bytes);
    });
  }

  const png = (bytes: Buffer): string => bytes.toString('base64');
  const variants: [string, (bytes: Buffer, url: string) => unknown][] = [
    ['base64 beside a null address', (bytes) => ({ b64_json: png(bytes), url: null })],
    ['an address beside null base64', (_, url) => ({ b64_json: null, url })],
    ['an address beside empty base64', (_, url) => ({ b64_json: '', url })],
    ['a data URL as the address', (bytes) => ({ url: dataUrl(bytes) })],
    ['a data URL as base64', (bytes) => ({ b64_json: dataUrl(bytes) })],
    ['base64 in lines', (bytes) => ({ b64_json: png(bytes).replace(/.{20}/g, '$&\n') })],
    ['base64 without padding', (bytes) => ({ b64_json: png(bytes).replace(/=+$/, '') })],
    ['the URL alphabet of base64', (bytes) => ({ b64_json: png(bytes).replaceAll('+', '-').replaceAll('/', '_') })],
    ['unknown fields', (bytes) => ({ media_type: 'image/webp', storageKey: 'x', b64_json: png(bytes), index: 0 })],
  ];
  for (const [title, entry] of variants) {
    it(`understands ${title}`, async () => {
      const bytes = await image('png', 11, 7);
      const host = await storage(bytes);
      assert.deepEqual((await make({ body: { data: [entry(bytes, `${host.url}/a.png`)] } })).out[0]!.payload, bytes);
    });
  }

  it('keeps the words that the service put in place of the prompt', async () => {
    const entry = { b64_json: (await image()).toString('base64'), revised_prompt: 'a red fox' };
    assert.equal((await make({ body: { data: [entry] } })).out[0]!.imageInfo.revisedPrompt, 'a red fox');
  });

  it('emits Buffers that own their memory, from base64 as from an address', async () => {
    const host = await storage(await image('gif'));
    const data = [
      { b64_json: (await image('webp')).toString('base64') },
      { url: `${host.url}/a.gif` },
      { url: dataUrl(await image()) },
    ];
    const { out } = await make({ body: { data } }, { node: { deliver: 'all' } });
    for (const bytes of out[0]!.payload as Buffer[]) {
      assert.ok(Buffer.isBuffer(bytes));
      assert.equal(bytes.buffer.byteLength, bytes.length);
    }
  });
});

describe('nanogpt-image passes on what the service says about cost and request', () => {
  afterEach(unload);

  const generation = async (more: Record<string, unknown>, headers = {}): Promise<AnyMessage> =>
    (await make({ ...answer([await image()], more), headers })).out[0]!.generation as AnyMessage;

  it('cost, payment source, balance, usage and request id as they are', async () => {
    const said = {
      cost: 0.0123,
      paymentSource: 'USD',
      remainingBalance: 12.34,
      usage: { total_tokens: 7 },
      requestId: 'req-1',
    };
    const { cost, paymentSource, remainingBalance, usage, requestId } = await generation(said);
    assert.deepEqual({ cost, paymentSource, remainingBalance, usage, requestId }, said);
  });

  it('numbers that come as text are numbers', async () => {
    const { cost, remainingBalance } = await generation({ cost: '0.5', remainingBalance: '129.46' });
    assert.deepEqual([cost, remainingBalance], [0.5, 129.46]);
  });

  for (const [usage, cost] of [
    [{ total_tokens: 5, cost: 0.04 }, 0.04],
    [{ cost_in_usd_ticks: 200_000_000 }, 0.02],
    [{ cost: '?' }, undefined],
  ] as const) {
    it(`a cost of ${cost} in ${JSON.stringify(usage)}`, async () =>
      assert.equal((await generation({ usage })).cost, cost));
  }

  it('a cost of 0 is a cost', async () => assert.equal((await generation({ cost: 0 })).cost, 0));

  it('the request id may stand in the header', async () => {
    assert.equal((await generation({}, { 'x-request-id': 'req-2' })).requestId, 'req-2');
  });

  it('what was not said is absent', async () => {
    assert.deepEqual(Object.keys(await generation({ cost: null, paymentSource: null })).sort(), [
      'attempts', 'count', 'durationMs', 'mode', 'prompt', 'received', 'service', 'warnings',
    ]); // prettier-ignore
  });
});

describe('nanogpt-image drops nothing silently', () => {
  afterEach(unload);

  /** Asserts one warning that matches, said three times: in the message, by the node, and in yellow. */
  function assertWarned(flow: ServedFlow, { generation }: AnyMessage, pattern: RegExp): void {
    assert.equal(generation.warnings.length, 1, generation.warnings.join());
    assert.match(generation.warnings[0], pattern);
    assert.deepEqual(flow.warnings, generation.warnings);
    const { fill, text } = flow.statuses.at(-1)!.status;
    assert.deepEqual([fill, text], ['yellow', 'status.warned']);
  }

  it('fewer images than asked', async () => {
    const { out, flow } = await make(answer([await image(), await image('gif')]), { node: { count: '3' } });
    assert.deepEqual([out.length, out[0]!.generation.count, out[0]!.generation.received], [2, 3, 2]);
    assertWarned(flow, out[0]!, /2 of 3/);
  });

  it('another size than asked', async () => {
    const { out, flow } = await make(answer([await image('png', 8, 8)]), { node: { size: '16x8' } });
    assertWarned(flow, out[0]!, /8x8.*16x8/);
  });

  it('all the sentences of several problems in one warning of the node', async () => {
    const { out, flow } = await make(answer([await image()]), { node: { size: '16x8', count: '2' } });
    assert.equal(out[0]!.generation.warnings.length, 2);
    assert.deepEqual(flow.warnings, [out[0]!.generation.warnings.join(' ')]);
  });

  for (const size of ['6x4', '6*4', 'auto', '1k', '16:9', 'square_hd']) {
    it(`nothing where ${size} was asked and 6x4 came`, async () => {
      const { out, flow } = await make(answer([await image('png', 6, 4)]), { node: { size } });
      assert.deepEqual(
        [out[0]!.generation.warnings, flow.warnings, flow.statuses.at(-1)!.status.fill],
        [[], [], 'green'],
      );
    });
  }

  const losses: [string, unknown, RegExp][] = [
    ['is no image', { b64_json: Buffer.from('hello, world').toString('base64') }, /not an image/],
    ['is empty', { b64_json: null }, /no image/],
    ['is null', null, /no image/],
    ['is an address that is refused', 'GONE', /HTTP 403/],
    ['is an address that is none', { url: 'nowhere:at all' }, /downloaded/],
  ];
  for (const [title, entry, pattern] of losses) {
    it(`an entry that ${title}, while the others are sent`, async () => {
      const host = await storage(await image(), { '/gone': { status: 403 } });
      const good = { b64_json: (await image('webp')).toString('base64') };
      const bad = entry === 'GONE' ? { url: `${host.url}/gone` } : entry;
      const { out, flow } = await make({ body: { data: [bad, good] } }, { node: { count: '2' } });
      assert.deepEqual([out.length, out[0]!.payload], [1, await image('webp')]);
      assert.deepEqual([out[0]!.generation.received, out[0]!.imageInfo.count, out[0]!.imageInfo.index], [2, 1, 0]);
      assertWarned(flow, out[0]!, pattern);
    });
  }

  it('an error beside an image', async () => {
    const { out, flow } = await make(
      answer([await image()], { error: { message: 'One was blocked', code: 'content_policy_violation' } }),
    );
    assertWarned(flow, out[0]!, /One was blocked/);
  });
});

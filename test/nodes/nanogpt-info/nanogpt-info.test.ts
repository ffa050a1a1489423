import assert from 'node:assert/strict';
import {
  type AnyMessage,
  type FlowOptions,
  type ServedFlow,
  apiKey,
  loadFlow,
  serve,
  unload,
} from '../../helpers/flow.js';
import type { TestService } from '../../helpers/service.js';

function ask(
  what: string,
  reply: TestService['reply'],
  { node = {}, ...options }: FlowOptions = {},
): Promise<ServedFlow> {
  return serve(reply, { ...options, type: 'nanogpt-info', node: { ask: what, ...node } });
}

const money = { usd_balance: '129.46', nano_balance: '26.71', nanoDepositAddress: 'nano_secret_address' };

describe('nanogpt-info asks for the balance', () => {
  afterEach(unload);

  it('and gives it as a number with its currency', async () => {
    const flow = await ask('balance', { body: money });
    const { out, completed } = await flow.send({ payload: 1, topic: 't', failure: { code: 'x' } });
    assert.deepEqual(
      [out[0]!.payload, out[0]!.topic, 'failure' in out[0]!],
      [{ amount: 129.46, currency: 'USD' }, 't', false],
    );
    assert.deepEqual([out.length, completed.length, flow.statuses.at(-1)!.status.fill], [1, 1, 'green']);
  });

  it('with the key as x-api-key alone, and an empty body', async () => {
    const flow = await ask('balance', { body: money });
    await flow.send({});
    const { method, path, headers, text } = flow.service.seen[0]!;
    assert.deepEqual(
      [method, path, headers['x-api-key'], headers.authorization, text],
      ['POST', '/api/check-balance', apiKey, undefined, ''],
    );
  });

  it('and keeps the deposit address out of the message', async () => {
    const flow = await ask('balance', { body: money });
    assert.ok(!JSON.stringify([await flow.send({}), flow.log()]).includes('nano_secret_address'));
  });

  it('a balance of 0 is a balance', async () => {
    const flow = await ask('balance', { body: { usd_balance: 0 } });
    assert.deepEqual((await flow.send({})).out[0]!.payload, { amount: 0, currency: 'USD' });
  });

  const failures: [string, TestService['reply'], string][] = [
    ['401', { status: 401, body: { error: 'Invalid key' } }, 'unauthorized'],
    ['500', { status: 500, body: { error: 'x' } }, 'server_failed'],
    ['a page', { body: '<html>' }, 'bad_response'],
    ['an answer without a balance', { body: {} }, 'bad_response'],
    ['a balance that is none', { body: { usd_balance: 'much' } }, 'bad_response'],
    ['a cut', (_, response) => void response.socket?.destroy(), 'connection_lost'],
  ];
  for (const [title, reply, code] of failures) {
    it(`${title} is ${code}, and cost nothing`, async () => {
      const { out, caught } = await (await ask('balance', reply)).send({ payload: 'kept' });
      assert.deepEqual([out.length, caught.length, caught[0]!.error.code, caught[0]!.payload], [0, 1, code, 'kept']);
      assert.deepEqual([caught[0]!.failure.code, caught[0]!.failure.charged], [code, 'no']);
      assert.doesNotMatch(caught[0]!.error.message, /charged|image/);
    });
  }

  for (const service of ['openai', 'compatible']) {
    it(`of ${service}, which has none to tell, sends nothing`, async () => {
      const flow = await ask('balance', {}, { account: { service } });
      assert.deepEqual([(await flow.send({})).caught[0]!.failure.code, flow.service.seen.length], ['invalid_input', 0]);
    });
  }
});

describe('nanogpt-info asks for the models', () => {
  afterEach(unload);

  const model = (id: string, capabilities: Record<string, boolean>, more: AnyMessage = {}): AnyMessage => ({
    id, name: id.toUpperCase(), capabilities, architecture: { input_modalities: ['text', 'image'] }, ...more,
  }); // prettier-ignore
  const all = [
    model('text', { image_generation: true, image_to_image: false, inpainting: false }),
    model('edit', { image_generation: true, image_to_image: true, inpainting: false }),
    model('mask', { image_generation: true, image_to_image: true, inpainting: true }),
    model(
      'upscale',
      { image_generation: true, image_to_image: true },
      { architecture: { input_modalities: ['image'] } },
    ),
  ];

  for (const [filter, ids] of [
    ['', 'text edit mask upscale'],
    ['text-to-image', 'text edit mask'],
    ['image-to-image', 'edit mask upscale'],
    ['inpainting', 'mask'],
  ] as const) {
    it(`${filter ? `that can ${filter}` : 'of every kind'}`, async () => {
      const flow = await ask('models', { body: { object: 'list', data: all } }, { node: { filter } });
      const { out } = await flow.send({ topic: 't' });
      assert.deepEqual(
        [out[0]!.payload.map(({ id }: AnyMessage) => id as string).join(' '), out[0]!.topic],
        [ids, 't'],
      );
      assert.deepEqual(
        `${flow.service.seen[0]!.method} ${flow.service.seen[0]!.path}`,
        'GET /api/v1/image-models?detailed=true',
      );
    });
  }

  const shapes: [string, AnyMessage][] = [
    ['lists', { resolutions: ['1024x1024', '1376*768'], max_images: 4 }],
    [
      'descriptors',
      {
        size: { type: 'enum', values: ['1024x1024', '1376x768'], default: '1024x1024' },
        n: { type: 'range', min: 1, max: 4 },
        hd: { type: 'boolean' },
      },
    ],
    [
      'descriptors by the other names',
      {
        resolutions: { type: 'enum', values: ['1024*1024', '1376x768'] },
        max_images: { type: 'range', min: 1, max: 4 },
      },
    ],
  ];
  for (const [title, parameters] of shapes) {
    it(`with their sizes and limits from ${title}`, async () => {
      const pricing = { per_image: { '1024*1024': 0.005, '1376*768': 0.007 }, currency: 'USD' };
      const flow = await ask('models', {
        body: { data: [model('a', { image_generation: true }, { supported_parameters: parameters, pricing })] },
      });
      const [found] = (await flow.send({})).out[0]!.payload;
      const { id, name, abilities, sizes, maxImages, price } = found;
      assert.deepEqual(
        { id, name, abilities, sizes, maxImages, price },
        {
          id: 'a',
          name: 'A',
          abilities: ['text-to-image'],
          sizes: ['1024x1024', '1376x768'],
          maxImages: 4,
          price: 0.005,
        },
      );
    });
  }

  it('and tells of each what is documented, no more', async () => {
    const pricing = { per_image: { '1024*1024': 0.005 }, currency: 'USD' };
    const supported_parameters = { size: { type: 'enum', values: ['1024x1024'] }, max_images: 4, fixed_image_count: 4 };
    const flow = await ask('models', {
      body: { data: [model('a', { image_generation: true }, { supported_parameters, pricing })] },
    });
    const expected = {
      id: 'a',
      name: 'A',
      abilities: ['text-to-image'],
      sizes: ['1024x1024'],
      maxImages: 4,
      price: 0.005,
      currency: 'USD',
    };
    assert.deepEqual((await flow.send({})).out[0]!.payload, [expected]);
  });

  it('of NanoGPT without showing the key, of others with it', async () => {
    for (const [service, shown] of [
      ['nanogpt', undefined],
      ['openai', `Bearer ${apiKey}`],
      ['compatible', `Bearer ${apiKey}`],
    ] as const) {
      const flow = await ask('models', { body: { data: [] } }, { account: { service } });
      await flow.send({});
      assert.equal(flow.service.seen[0]!.headers.authorization, shown);
      assert.equal(flow.service.seen[0]!.headers['x-api-key'], undefined);
      await unload();
    }
  });

  it('of which some say little or nothing', async () => {
    const data = [
      { id: 'bare' },
      null,
      7,
      'x',
      {},
      { id: '' },
      { id: 5 },
      { id: 'odd', name: null, capabilities: [], supported_parameters: 'many', pricing: 'much' },
    ];
    const flow = await ask('models', { body: { data } });
    assert.deepEqual((await flow.send({})).out[0]!.payload, [
      { id: 'bare', name: 'bare', abilities: [], sizes: [] },
      { id: 'odd', name: 'odd', abilities: [], sizes: [] },
    ]);
  });

  it('of a compatible server at its own route', async () => {
    const flow = await ask('models', { body: { data: [{ id: 'sd' }] } }, { account: { service: 'compatible' } });
    await flow.send({});
    assert.equal(flow.service.seen[0]!.path, '/v1/models');
  });

  it('of the built-in service', async () => {
    const flow = await loadFlow({ type: 'nanogpt-info', node: { ask: 'models', filter: 'inpainting' } });
    const { out } = await flow.send({});
    assert.ok(out[0]!.payload.length > 0);
  });
});

describe('nanogpt-info handles errors as nanogpt-image does', () => {
  afterEach(unload);

  it('an unknown setting of what to ask is invalid input', async () => {
    const flow = await ask('weather', {});
    assert.deepEqual([(await flow.send({})).caught[0]!.failure.code, flow.service.seen.length], ['invalid_input', 0]);
  });

  it('without an account it shows a red ring, and tells so', async () => {
    const flow = await loadFlow({ type: 'nanogpt-info', account: null });
    assert.deepEqual(
      [flow.firstStatus!.fill, (await flow.send({})).caught[0]!.failure.code],
      ['red', 'not_configured'],
    );
  });
});

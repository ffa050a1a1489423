import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { type AnyMessage, type FlowOptions, loadFlow, serve, unload } from '../../helpers/flow.js';
import { answer, mask, image } from '../../helpers/images.js';
import { contextStores } from '../../helpers/context.js';

/** What goes over the wire for one message. */
async function sent(
  node: AnyMessage,
  message: AnyMessage = {},
  more: FlowOptions = {},
): Promise<Record<string, unknown>> {
  const flow = await serve(answer([await image()]), { ...more, node });
  const { caught } = await flow.send({ payload: 'a fox', ...message });
  assert.deepEqual(
    caught.map(({ error }) => error.message as string),
    [],
  );
  return flow.service.seen[0]!.json;
}

/** The sentence that one message ends with, having sent nothing. */
async function refused(node: AnyMessage, message: AnyMessage = {}): Promise<string> {
  const flow = await serve({}, { node });
  const { caught } = await flow.send({ payload: 'a fox', ...message });
  assert.deepEqual([caught.length, caught[0]?.failure.code, flow.service.seen.length], [1, 'invalid_input', 0]);
  return caught[0]!.error.message as string;
}

describe('nanogpt-image sends what was set, by the names of the API', () => {
  afterEach(unload);

  it('the prompt alone where nothing is set', async () => assert.deepEqual(await sent({}), { prompt: 'a fox' }));

  const rows: [setting: string, value: string, name: string, sent: unknown][] = [
    ['model', 'flux-kontext', 'model', 'flux-kontext'],
    ['count', '3', 'n', 3],
    ['size', '1024x768', 'size', '1024x768'],
    ['negativePrompt', 'hands', 'negative_prompt', 'hands'],
    ['quality', 'hd', 'quality', 'hd'],
    ['outputFormat', 'webp', 'output_format', 'webp'],
    ['seed', '0', 'seed', 0],
    ['seed', '-5', 'seed', -5],
    ['strength', '0', 'strength', 0],
    ['strength', '0.8', 'strength', 0.8],
    ['guidanceScale', '7.5', 'guidance_scale', 7.5],
    ['steps', '30', 'num_inference_steps', 30],
    ['user', 'u-1', 'user', 'u-1'],
    ['kontextMaxMode', 'true', 'kontext_max_mode', true],
    ['kontextMaxMode', 'false', 'kontext_max_mode', false],
    ['responseFormat', 'b64_json', 'response_format', 'b64_json'],
    ['responseFormat', 'url', 'response_format', 'url'],
  ];
  for (const [setting, value, name, expected] of rows) {
    it(`${setting} ${value} as ${name}`, async () =>
      assert.deepEqual(await sent({ [setting]: value }), { prompt: 'a fox', [name]: expected }));
  }

  it('one image as imageDataUrl, several as imageDataUrls, the mask as maskDataUrl', async () => {
    const [png, jpeg, area] = [await image('png'), await image('jpeg'), await mask()];
    const asUrl = (mime: string, bytes: Buffer): string => `data:${mime};base64,${bytes.toString('base64')}`;
    assert.deepEqual(await sent({}, { payload: jpeg, prompt: 'winter', mask: area }), {
      prompt: 'winter',
      imageDataUrl: asUrl('image/jpeg', jpeg),
      maskDataUrl: asUrl('image/png', area),
    });
    await unload();
    const body = await sent({}, { payload: [png, jpeg], prompt: 'both' });
    assert.deepEqual(body, { prompt: 'both', imageDataUrls: [asUrl('image/png', png), asUrl('image/jpeg', jpeg)] });
  });

  it('as JSON with its length, to the route of the API, as the account', async () => {
    const flow = await serve(answer([await image()]), { credentials: { apiKey: 'sk-nano-7' } });
    await flow.send({ payload: 'ein Füchslein 🦊' });
    const { method, path, headers, text } = flow.service.seen[0]!;
    assert.deepEqual(
      [method, path, headers.authorization, headers['x-api-key']],
      ['POST', '/v1/images/generations', 'Bearer sk-nano-7', undefined],
    );
    assert.deepEqual(
      [headers['content-type'], Number(headers['content-length'])],
      ['application/json', Buffer.byteLength(text)],
    );
    assert.equal(JSON.parse(text).prompt, 'ein Füchslein 🦊');
  });

  it('the model of the account where the node has none', async () => {
    const account = { model: 'hidream' };
    const flow = await serve(answer([await image()]), { account });
    const { out } = await flow.send({ payload: 'a fox' });
    assert.deepEqual([flow.service.seen[0]!.json.model, out[0]!.generation.model], ['hidream', 'hidream']);
    await unload();
    assert.equal((await sent({ model: 'flux' }, {}, { account })).model, 'flux');
    await unload();
    assert.equal((await sent({ parameters: '{"model":"sdxl"}' }, {}, { account })).model, 'sdxl');
  });

  it('nothing of what a message leaves blank', async () => {
    const node = {
      size: 'size',
      sizeType: 'msg',
      seed: 'seed',
      seedType: 'msg',
      model: 'nowhere.at.all',
      modelType: 'msg',
      user: 'NOT_SET_7',
      userType: 'env',
    };
    for (const blank of ['', '   ', null, undefined]) {
      assert.deepEqual(await sent(node, { size: blank, seed: blank }), { prompt: 'a fox' });
      await unload();
    }
  });

  it('no setting that is blank is evaluated', async () => {
    assert.deepEqual(
      await sent({
        count: '',
        countType: 'jsonata',
        size: ' ',
        sizeType: 'global',
        parameters: '',
        parametersType: 'json',
        mask: '',
        image: '',
      }),
      { prompt: 'a fox' },
    );
  });
});

describe('nanogpt-image takes further fields from parameters', () => {
  afterEach(unload);

  it('merged with the fields, which they overrule', async () => {
    const parameters = '{"style":"vivid","size":"64x64","n":2,"lora":{"url":"x"},"tags":[1],"nothing":null}';
    assert.deepEqual(await sent({ size: '1k', seed: '7', parameters }), {
      prompt: 'a fox', size: '64x64', n: 2, seed: 7, style: 'vivid', lora: { url: 'x' }, tags: [1], nothing: null,
    }); // prettier-ignore
  });

  it('checked as the fields are, so that the count in them counts', async () => {
    const flow = await serve(answer([await image()]), { node: { parameters: '{"n":"2"}' } });
    const { out } = await flow.send({ payload: 'a fox' });
    assert.deepEqual([flow.service.seen[0]!.json.n, out[0]!.generation.count, flow.warnings.length], [2, 2, 1]);
  });

  for (const [type, message] of [
    ['msg', { extra: { style: 'vivid' } }],
    ['jsonata', { style: 'vivid' }],
  ] as const) {
    it(`from ${type}`, async () => {
      const parameters = type === 'msg' ? 'extra' : '{"style": style}';
      assert.deepEqual(await sent({ parameters, parametersType: type }, message), { prompt: 'a fox', style: 'vivid' });
    });
  }

  it('leaves the object in the message as it is', async () => {
    const extra = Object.freeze({ style: 'vivid' });
    assert.equal((await sent({ parameters: 'extra', parametersType: 'msg' }, { extra })).style, 'vivid');
  });

  for (const name of ['stream', 'partial_images', 'imageDataUrl', 'imageDataUrls', 'maskDataUrl', 'prompt']) {
    it(`refuses ${name}`, async () =>
      assert.match(await refused({ parameters: JSON.stringify({ [name]: 1 }) }), new RegExp(`“${name}”`)));
  }

  for (const [title, value] of [
    ['a text', '"style"'],
    ['a number', '7'],
    ['an array', '[1]'],
    ['true', 'true'],
  ] as const) {
    it(`refuses ${title}`, async () =>
      assert.match(await refused({ parameters: value }), /^parameters must be an object/));
  }

  it('refuses an object that holds itself', async () => {
    const extra: Record<string, unknown> = {};
    extra.self = extra;
    assert.match(await refused({ parameters: 'extra', parametersType: 'msg' }, { extra }), /^msg\.extra/);
  });
});

describe('nanogpt-image refuses values that the API does not define', () => {
  afterEach(unload);

  const rows: [setting: string, value: unknown, rule: RegExp][] = [
    ['count', 0, /whole number from 1/],
    ['count', -1, /whole number from 1/],
    ['count', 1.5, /whole number from 1/],
    ['count', 'three', /whole number from 1, but is “three”/],
    ['count', NaN, /whole number from 1/],
    ['count', Infinity, /whole number from 1/],
    ['count', [2], /whole number from 1/],
    ['count', true, /whole number from 1/],
    ['seed', 1.5, /whole number/],
    ['seed', 1e300, /whole number/],
    ['strength', 1.01, /number from 0 to 1/],
    ['strength', -0.1, /number from 0 to 1/],
    ['guidanceScale', 21, /number from 0 to 20/],
    ['steps', 0, /whole number from 1 to 100/],
    ['steps', 101, /whole number from 1 to 100/],
    ['model', {}, /text/],
    ['size', ['1k'], /text/],
    ['negativePrompt', true, /text/],
  ];
  for (const [setting, value, rule] of rows) {
    it(`${setting} ${JSON.stringify(value) ?? String(value)}, naming the setting and where it came from`, async () => {
      const sentence = await refused({ [setting]: 'given', [`${setting}Type`]: 'msg' }, { given: value });
      assert.match(sentence, rule);
      assert.ok(sentence.startsWith(`${setting} (msg.given) must`), sentence);
    });
  }

  for (const [setting, value] of [
    ['count', 'three'],
    ['count', '0'],
    ['seed', '1.5'],
    ['strength', 'much'],
    ['steps', '1e9'],
  ] as const) {
    it(`${setting} “${value}” as it stands in the node`, async () =>
      assert.ok((await refused({ [setting]: value })).startsWith(`${setting} must`)));
  }

  for (const parameters of ['{"n":0}', '{"strength":2}', '{"response_format":"png"}', '{"kontext_max_mode":"yes"}']) {
    it(`the parameters ${parameters}`, async () =>
      assert.match(await refused({ parameters }), /^parameters\.\w+ must/));
  }
});

describe('nanogpt-image reads its settings as the TypedInput means them', () => {
  const env = 'NANOGPT_TEST_SIZE';
  before(() => (process.env[env] = '512x512'));
  after(() => delete process.env[env]);
  afterEach(unload);

  const rows: [type: string, value: string, message: AnyMessage][] = [
    ['str', '512x512', {}],
    ['msg', 'asked.size', { asked: { size: '512x512' } }],
    ['jsonata', '$string(width) & "x" & $string(width)', { width: 512 }],
    ['env', env, {}],
  ];
  for (const [type, value, message] of rows) {
    it(`text as ${type}`, async () =>
      assert.equal((await sent({ size: value, sizeType: type }, message)).size, '512x512'));
  }

  for (const [type, value, message] of [
    ['num', '2', {}],
    ['msg', 'wanted', { wanted: '2' }],
    ['msg', 'wanted', { wanted: 2 }],
    ['jsonata', '1 + 1', {}],
  ] as const) {
    it(`a number as ${type} ${JSON.stringify(message)}`, async () =>
      assert.equal((await sent({ count: value, countType: type }, message)).n, 2));
  }

  it('a setting that is the name of a variable', async () =>
    assert.equal((await sent({ size: `\${${env}}` })).size, '512x512'));

  it('a number is text where text is due', async () =>
    assert.equal((await sent({ user: 'id', userType: 'msg' }, { id: 42 })).user, '42'));

  it('spaces around a text are not sent', async () =>
    assert.equal((await sent({ model: ' flux-kontext ' })).model, 'flux-kontext'));

  for (const type of ['flow', 'global'] as const) {
    it(`a value of ${type}, from a store that answers later`, async () => {
      const flow = await serve(answer([await image()]), {
        node: { size: '#:(disk)::wanted.size', sizeType: type, seed: 'seed', seedType: type },
      });
      const stores = await contextStores();
      const context = helper.getNode('node').context()[type];
      context.set('seed', 5);
      await new Promise<void>((resolve) => context.set('wanted', { size: '1k' }, 'disk', () => resolve()));
      const { caught } = await flow.send({ payload: 'a fox' });
      assert.deepEqual(caught, []);
      assert.deepEqual(flow.service.seen[0]!.json, { prompt: 'a fox', seed: 5, size: '1k' });
      await stores.remove();
    });
  }

  it('an expression that cannot be read is invalid input that names its setting', async () => {
    assert.match(await refused({ size: '$notAFunction()', sizeType: 'jsonata' }), /^size could not be read/);
    await unload();
    assert.match(await refused({ parameters: '{"style": vivid}' }), /^parameters could not be read/);
  });

  it('numbers of the account may be text', async () => {
    const flow = await loadFlow({
      account: { service: 'sandbox', timeout: '20', concurrency: '2', perMinute: '0', retryUnknown: 'false' },
    });
    assert.equal((await flow.send({ payload: 'a fox' })).out.length, 1);
  });
});

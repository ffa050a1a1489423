import assert from 'node:assert/strict';
import { type AnyMessage, type FlowOptions, loadFlow, serve, unload } from '../../helpers/flow.js';
import { answer, image } from '../../helpers/images.js';

/** One message that must end as one error, with nothing sent, and the node must go on: gives the error. */
async function refused(message: AnyMessage, options: FlowOptions = {}): Promise<AnyMessage> {
  const flow = await serve(answer([await image()]), options);
  const { out, caught, completed } = await flow.send(message);
  assert.deepEqual([out.length, caught.length, completed.length, flow.service.seen.length], [0, 1, 0, 0]);
  return caught[0]!;
}

function assertRefused({ failure, error }: AnyMessage, code: string, named: RegExp): void {
  assert.deepEqual([failure.code, failure.charged, failure.retryable, error.code], [code, 'no', false, code]);
  assert.match(error.message, named);
}

describe('nanogpt-image ends what cannot become a request as one error that names the field', () => {
  afterEach(unload);

  const payloads: [string, unknown][] = [
    ['a number', 1763880000000],
    ['0', 0],
    ['NaN', NaN],
    ['true', true],
    ['false', false],
    ['null', null],
    ['nothing', undefined],
    ['an empty text', ''],
    ['blanks', ' \n\t'],
    ['an object', { prompt: 'a fox' }],
    ['a date', new Date(0)],
    ['an empty list', []],
    ['a list of prompts', ['a fox', 'an owl']],
    ['a Buffer that is no image', Buffer.from('a fox')],
    ['an empty Buffer', Buffer.alloc(0)],
  ];
  for (const [title, payload] of payloads) {
    it(`${title} as prompt`, async () =>
      assertRefused(await refused({ payload, prompt: undefined }), 'invalid_input', /msg\.payload/));
  }

  const messages: [string, AnyMessage, AnyMessage, RegExp][] = [
    ['a mask without image', { payload: 'a door', mask: Buffer.from('x') }, {}, /msg\.mask/],
    ['a prompt in a property that is not there', {}, { prompt: 'a.b.c', promptType: 'msg' }, /msg\.a\.b\.c/],
    ['count 0', {}, { count: '0' }, /^count/],
    ['count “three”', {}, { count: 'three' }, /^count/],
    ['broken JSON in parameters', {}, { parameters: '{"style": ' }, /^parameters/],
    ['a property that cannot be a path', {}, { size: 'a..b', sizeType: 'msg' }, /msg\.a\.\.b/],
  ];
  for (const [title, message, node, named] of messages) {
    it(title, async () =>
      assertRefused(await refused({ payload: 'a fox', ...message }, { node }), 'invalid_input', named),
    );
  }

  it('a Buffer of 26 MB is too large', async () => {
    const png = await image();
    const caught = await refused({ payload: Buffer.concat([png, Buffer.alloc(26_000_000)]), prompt: 'x' });
    assertRefused(caught, 'too_large', /msg\.payload/);
  });

  it('and goes on with the next message', async () => {
    const flow = await serve(answer([await image()]));
    const { out, caught } = await flow.send({ payload: 7 }, { payload: null }, { payload: 'a fox' }, { payload: {} });
    assert.deepEqual([out.length, caught.length, flow.service.seen.length], [1, 3, 1]);
  });

  it('with the prompt in the node, the timestamp of an Inject just triggers', async () => {
    const flow = await serve(answer([await image()]), { node: { prompt: 'a fox', promptType: 'str' } });
    assert.equal((await flow.send({ payload: Date.now(), topic: '' })).out.length, 1);
  });
});

describe('nanogpt-image without a working account says what is missing, and shows a red ring from the start', () => {
  afterEach(unload);

  const account = (settings: AnyMessage, apiKey?: string): FlowOptions => ({
    account: settings,
    credentials: apiKey === undefined ? {} : { apiKey },
  });
  const rows: [string, FlowOptions, RegExp][] = [
    ['no account', { account: null, node: { account: '' } }, /no account/],
    ['an account that was deleted', { account: null }, /account/],
    ['no key for NanoGPT', account({ service: 'nanogpt' }), /no API key/],
    ['a blank key', account({ service: 'nanogpt' }, '  '), /no API key/],
    ['no key for OpenAI', account({ service: 'openai' }), /no API key/],
    ['no base URL for a compatible server', account({ service: 'compatible' }), /base URL/],
  ];
  for (const [title, options, named] of rows) {
    it(title, async () => {
      const flow = await loadFlow(options);
      const { caught } = await flow.send({ payload: 'a fox' });
      assertRefused(caught[0]!, 'not_configured', named);
      const { fill, shape, text } = flow.firstStatus!;
      assert.deepEqual([fill, shape, text], ['red', 'ring', 'status.not_configured']);
    });
  }

  const settings: [string, FlowOptions, RegExp][] = [
    [
      'a key whose variable is not set',
      account({ service: 'nanogpt' }, '${NANOGPT_TEST_NO_SUCH_KEY}'),
      /NANOGPT_TEST_NO_SUCH_KEY/,
    ],
    ['a management key', account({ service: 'nanogpt' }, 'sk-nano-mgmt-1'), /sk-nano-mgmt/],
    ['a key with a line break', account({ service: 'nanogpt' }, 'sk-nano-1\nsk'), /API key/],
    ['a base URL that is none', account({ service: 'nanogpt', baseUrl: 'ftp://x' }, 'k'), /base URL/],
    ['a time-out that is no number', account({ service: 'nanogpt', timeout: 'soon' }, 'k'), /timeout/],
    ['no concurrency', account({ service: 'nanogpt', concurrency: '0' }, 'k'), /concurrency/],
    ['fewer than no retries', account({ service: 'nanogpt', retries: -1 }, 'k'), /retries/],
    ['an unknown service', account({ service: 'midjourney' }, 'k'), /service/],
  ];
  for (const [title, options, named] of settings) {
    it(title, async () => {
      const flow = await loadFlow(options);
      assertRefused((await flow.send({ payload: 'a fox' })).caught[0]!, 'not_configured', named);
    });
  }

  it('an account that was deleted is told apart from none', async () => {
    const flow = await loadFlow({ account: null });
    assert.match((await flow.send({ payload: 'a fox' })).caught[0]!.error.message, /deleted or is disabled/);
  });

  it('a key may be the name of a variable', async () => {
    process.env.NANOGPT_TEST_KEY = 'sk-nano-of-the-environment';
    const flow = await serve(answer([await image()]), { credentials: { apiKey: '${NANOGPT_TEST_KEY}' } });
    await flow.send({ payload: 'a fox' });
    delete process.env.NANOGPT_TEST_KEY;
    assert.equal(flow.service.seen[0]!.headers.authorization, 'Bearer sk-nano-of-the-environment');
  });

  it('a compatible server needs no key, and is sent none', async () => {
    const flow = await serve(answer([await image()]), { account: { service: 'compatible' }, credentials: {} });
    assert.equal((await flow.send({ payload: 'a fox' })).out.length, 1);
    assert.equal(flow.service.seen[0]!.headers.authorization, undefined);
  });
});

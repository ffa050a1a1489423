import assert from 'node:assert/strict';
import fc from 'fast-check';
import { png } from '../helpers/server-behaviors.js';
import { type FlowFixture, type FlowFixtureOptions, startFlowFixture } from '../helpers/flow-fixture.js';
import { testClock, turn } from '../helpers/clock.js';
import type { AnyMessage } from '../helpers/flow.js';
import { runs } from '../helpers/random.js';

/** Addresses that lead nowhere, or to this machine; nothing outside is asked. */
const urls = fc.constantFrom(
  'http://127.0.0.1:9/',
  'https://nowhere.example/a.png',
  'http://',
  'http://[',
  'HTTP://[::1]/',
  ' https://nowhere.example ',
);

const images = fc.constantFrom<unknown[]>(
  png,
  new Uint8Array(png),
  png.subarray(0, 20),
  png.toString('base64'),
  `data:image/png;base64,${png.toString('base64')}`,
  'data:image/png;base64,',
  [png, png],
  [],
  [[png]],
  png.toJSON(),
);

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withSparseArray: true,
  withObjectString: true,
  withNullPrototype: true,
});

/** A value that somebody may put anywhere; likely ones more often. */
const values = fc.oneof(
  fc.constantFrom('a fox', '', ' ', 'payload', '1', '0', -1, 0, 2, 'true', null, undefined),
  fc.string(),
  urls,
  images,
  anything,
);

const messages = fc.oneof(
  fc.record(
    {
      payload: values,
      prompt: values,
      image: values,
      mask: values,
      count: values,
      size: values,
      model: values,
      parameters: values,
      parts: values,
      failure: values,
      a: values,
      topic: values,
      req: values,
    },
    { requiredKeys: [] },
  ),
  fc.dictionary(fc.string(), values),
);

const places = fc.oneof(
  fc.constantFrom('payload', 'prompt', 'image', 'mask', 'count', 'a.b', 'a["b"]', 'topic', '', ' '),
  fc.string(),
);
const texts = fc.oneof(
  fc.constantFrom(
    'a {{topic}} fox',
    '{{{payload}}}',
    '{{flow.x}}',
    '{{env.HOME}}',
    '{{#a}}x{{/a}}',
    '{{',
    '$uppercase(payload)',
    '$(',
    '${NOPE}',
    '{"style":"vivid"}',
    '{',
  ),
  places,
);
const types = fc.oneof(fc.constantFrom('str', 'num', 'msg', 'flow', 'global', 'jsonata', 'env', 'json'), fc.string());
const fieldNames = [
  'prompt',
  'image',
  'mask',
  'model',
  'count',
  'size',
  'negativePrompt',
  'quality',
  'outputFormat',
  'seed',
  'strength',
  'guidanceScale',
  'steps',
  'user',
  'parameters',
];

const nodes = fc.record(
  {
    ...Object.fromEntries(
      fieldNames.flatMap((name) => [
        [name, fc.oneof(texts, fc.integer().map(String))],
        [`${name}Type`, types],
      ]),
    ),
    kontextMaxMode: fc.constantFrom('', 'true', 'maybe'),
    responseFormat: fc.constantFrom('', 'url', 'b64_json', 'xml'),
    output: fc.constantFrom('buffer', 'dataUrl', 'base64', 'nothing'),
    deliver: fc.constantFrom('each', 'all', 'none'),
  },
  { requiredKeys: [] },
);

const numbers = fc.oneof(fc.integer(), fc.double(), fc.constantFrom('', '4', 'four', '${NOPE}', null, true));
const accounts = fc.record(
  {
    service: fc.constantFrom('nanogpt', 'openai', 'compatible', 'other', ''),
    edits: fc.constantFrom('json', 'multipart', 'neither'),
    baseUrl: fc.constantFrom('', 'not an address', 'http://', 'ftp://127.0.0.1', 'https://nowhere.example/v1'),
    model: fc.oneof(fc.string(), fc.constant('gpt-image-1')),
    timeout: numbers,
    concurrency: numbers,
    perMinute: fc.oneof(fc.integer(), fc.double({ min: 0.1, max: 1e300 }), fc.constantFrom('', 'four', '${NOPE}')),
    queueLimit: numbers,
    retries: fc.oneof(fc.nat({ max: 4 }), fc.constantFrom('', 'two', -1)),
    retryUnknown: fc.constantFrom(true, false, 'true', 'yes'),
    budget: numbers,
    budgetPeriod: fc.constantFrom('hour', 'day', 'month', 'year'),
    imageUrls: fc.constantFrom('public', 'any', 'never', 'some'),
    proxy: fc.constantFrom('', 'gone'),
    tls: fc.constantFrom('', 'gone'),
  },
  { requiredKeys: [] },
);

describe('any message and any settings', () => {
  let setup: FlowFixture;

  /** Sends the messages through a node and waits until all have ended, once each; time passes as fast as it can. */
  async function play(options: FlowFixtureOptions, given: AnyMessage[]): Promise<void> {
    setup = await startFlowFixture({ ...options, clock: testClock({ skip: Infinity }) });
    await end(given).finally(() => setup.close());
  }

  async function end(given: AnyMessage[]): Promise<void> {
    const { ended } = setup.flow;
    // Somebody could have meant a cancel, which counts as completed like any other.
    setup.flow.start(...given.map((message, index) => ({ ...message, _msgid: String(index) })));
    while (ended.caught.length + ended.completed.length < given.length) {
      await turn();
      if (setup.server.open() === 0) setup.clock.skipToNext();
    }
    for (let turns = 0; turns < 5; turns++) await turn();
    const ids = [...ended.caught, ...ended.completed]
      .map(({ _msgid }) => Number(_msgid))
      .sort((one, other) => one - other);
    assert.deepEqual(
      ids,
      given.map((_, index) => index),
    );
    for (const { failure } of ended.caught) assert.equal(typeof (failure as AnyMessage).hint, 'string');
    for (const body of setup.server.bodies)
      assert.ok(promptIn(body).trim() !== '', 'a request without a prompt was sent');
  }

  it('any message ends once, and nothing is sent without a prompt', async function () {
    this.timeout(300_000);
    await fc.assert(
      fc.asyncProperty(fc.array(messages, { minLength: 20, maxLength: 50 }), async (given) => {
        await play({}, given);
      }),
      runs(40),
    );
  });

  it('any settings of the node do not change that', async function () {
    this.timeout(300_000);
    await fc.assert(
      fc.asyncProperty(nodes, fc.array(messages, { minLength: 1, maxLength: 4 }), async (node, given) => {
        await play({ node }, given);
      }),
      runs(80),
    );
  });

  it('nor do any settings of the account', async function () {
    this.timeout(300_000);
    await fc.assert(
      fc.asyncProperty(accounts, fc.array(messages, { minLength: 1, maxLength: 4 }), async (account, given) => {
        await play({ account }, [...given, { payload: 'a fox' }]);
      }),
      runs(80),
    );
  });
});

/** The prompt of a request, which is JSON or a form. */
function promptIn(body: Buffer): string {
  const text = body.toString('latin1');
  return /name="prompt"\r\n\r\n([^]*?)\r\n--/.exec(text)?.[1] ?? (JSON.parse(text) as { prompt: string }).prompt;
}

import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { type AnyMessage, type FlowOptions, apiKey, serve, unload } from '../../helpers/flow.js';
import { addresses, answer, image } from '../../helpers/images.js';
import type { Reply, Seen } from '../../helpers/service.js';

const prompt = 'A portrait of Ms. "Ada" Muster,\n  at 5 Hidden Street ' + 'with many a flower '.repeat(20);

/** Everything that leaves the nodes when one message meets this answer: messages, statuses, warnings, the log. */
async function told(
  reply: (seen: Seen) => Reply | undefined,
  options: FlowOptions = {},
  message: AnyMessage = { payload: prompt },
): Promise<{ all: string; errors: string }> {
  const flow = await serve(reply, { ...options });
  const { out, caught } = await flow.send(message);
  const show = (value: unknown): string =>
    inspect(value, {
      depth: null,
      maxStringLength: null,
      maxArrayLength: null,
      showHidden: true,
      breakLength: Infinity,
    });
  const shown = [flow.firstStatus, flow.statuses, flow.warnings, flow.log()];
  return {
    all: show([out, caught, ...shown]),
    errors: show([caught.map(({ error, failure }) => ({ error, failure })), ...shown]),
  };
}

/** What a service may quote when it fails. */
const echo = ({ headers, text, json }: Seen): string =>
  `You sent ${headers.authorization ?? headers['x-api-key']} and ${String(json.prompt)} in ${text}`;

const replies: [string, (seen: Seen) => Reply | undefined][] = [
  ...[400, 401, 402, 403, 404, 409, 413, 422, 429, 500, 503].map((status): [string, (seen: Seen) => Reply] => [
    `${status} in JSON`,
    (seen) => ({ status, body: { error: { message: echo(seen) } } }),
  ]),
  ['a refusal in one word', (seen) => ({ status: 400, body: { error: echo(seen) } })],
  [
    'a refusal with details',
    (seen) => ({ status: 422, body: { detail: [{ msg: echo(seen), loc: ['body', 'prompt'] }] } }),
  ],
  ['a page', (seen) => ({ status: 502, body: `<html><body><pre>${echo(seen)}</pre></body></html>` })],
  [
    'text that begins in the middle of a prompt that is too long',
    (seen) => ({ status: 500, body: `${'x'.repeat(290)} ${echo(seen)}` }),
  ],
  ['a 200 with an error', (seen) => ({ body: { error: { message: echo(seen) } } })],
  ['a 200 that is no JSON', (seen) => ({ body: echo(seen) })],
  ['a 200 without images', (seen) => ({ body: { data: [], message: echo(seen), requestId: 'r' } })],
  [
    'an address that fails',
    (seen) =>
      seen.method === 'GET' ? { status: 403, body: echo(seen) } : addresses([`http://${seen.headers.host}/x.png`]),
  ],
];

describe('nanogpt-image never shows the key, and the prompt in no error', () => {
  afterEach(unload);

  for (const [title, reply] of replies) {
    it(`where the service quotes both in ${title}`, async () => {
      const { all, errors } = await told(reply);
      assert.ok(!all.includes(apiKey), 'the key');
      for (const secret of ['Muster', 'Hidden Street', 'flower']) assert.ok(!errors.includes(secret), secret);
    });
  }

  it('where all went well', async () => {
    const bytes = await image();
    const { all } = await told(() => answer([bytes], { cost: 0.01 }));
    assert.ok(!all.includes(apiKey));
    assert.ok(all.includes('Muster'), 'the prompt is in msg.generation');
  });

  it('where the image comes with a quoted error', async () => {
    const bytes = await image();
    const { all, errors } = await told((seen) => answer([bytes], { error: { message: echo(seen) } }));
    assert.ok(!all.includes(apiKey));
    assert.ok(!errors.includes('Muster'));
  });

  it('where the connection breaks', async () => {
    const flow = await serve((_, response) => void response.socket?.destroy());
    const { caught } = await flow.send({ payload: prompt });
    const shown = inspect([caught, flow.log(), flow.statuses], { depth: null, showHidden: true });
    assert.ok(!shown.includes(apiKey));
    assert.ok(!inspect(caught[0]!.error, { depth: null }).includes('Muster'));
  });

  it('where the key itself cannot be sent', async () => {
    const key = 'sk-nano-with a space';
    const { all } = await told(() => undefined, { credentials: { apiKey: key } });
    assert.ok(!all.includes(key));
  });

  it('where the value of a field is a long text', async () => {
    const { errors } = await told(() => undefined, { node: { count: 'payload', countType: 'msg' } });
    assert.ok(!errors.includes('Muster'));
  });
});

describe('nanogpt-info never shows the key', () => {
  afterEach(unload);

  for (const ask of ['balance', 'models']) {
    for (const [title, reply] of replies) {
      it(`where the service quotes it in ${title}, asked for the ${ask}`, async () => {
        assert.ok(!(await told(reply, { type: 'nanogpt-info', node: { ask } }, {})).all.includes(apiKey));
      });
    }
  }
});

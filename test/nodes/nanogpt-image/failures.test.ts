import assert from 'node:assert/strict';
import { addresses, answer } from '../../helpers/images.js';
import { type AnyMessage, serve, unload } from '../../helpers/flow.js';
import type { Reply, TestService } from '../../helpers/service.js';

/** `msg.failure` without its hint, which follows from the code. */
interface Failure {
  code: string;
  charged: 'no' | 'unknown' | 'yes';
  retryable: boolean;
  status?: number;
  retryAfter?: number;
  requestId?: string;
  urls?: string[];
}

/** One message through the node against a service that fails: what Catch was given, once, after one request. */
async function catchOne(reply: TestService['reply'], account: AnyMessage = {}): Promise<AnyMessage> {
  const flow = await serve(reply, { account });
  const { out, caught, completed } = await flow.send({ payload: 'a fox in the snow', topic: 'animals' });
  assert.deepEqual([out.length, caught.length, completed.length], [0, 1, 0]);
  assert.equal(flow.service.seen.filter(({ method }) => method === 'POST').length, 1);
  return caught[0]!;
}

function assertFailure({ failure, error, payload, topic }: AnyMessage, expected: Failure): void {
  assert.deepEqual(failure, { ...expected, hint: `hint.${expected.code}` });
  assert.equal(error.code, expected.code);
  assert.match(error.message, /^[A-Z0-9].*[.)!]$/s, 'a whole sentence');
  assert.deepEqual([payload, topic], ['a fox in the snow', 'animals']);
}

function free(code: string, status: number, more: Partial<Failure> = {}): Failure {
  return { code, charged: 'no', retryable: false, status, ...more };
}

function error(message: string, more: Record<string, unknown> = {}): unknown {
  return { error: { message, ...more } };
}

const html =
  '<!doctype html><html><head><title>Gateway</title><style>a{}</style></head><body><h1>It is gone</h1></body></html>';
const text = (body: string): Reply => ({ headers: { 'content-type': 'text/plain' }, body });
const inHour = (): string => new Date(Date.now() + 3_600_000).toUTCString();

describe('nanogpt-image reports each failure once, and whether it was charged', () => {
  afterEach(unload);

  const rejected = free('rejected', 400);
  const limited = free('rate_limited', 429, { retryable: true });
  const unknown = (code: string, status: number): Failure => ({
    code,
    charged: 'unknown',
    retryable: false,
    status,
  });
  const rows: [string, Reply, Failure][] = [
    [
      '400 that names a parameter',
      {
        status: 400,
        body: error('No prompt', { type: 'invalid_request_error', code: 'missing_required_parameter', param: 'model' }),
      },
      rejected,
    ],
    [
      '400 with the code twice',
      {
        status: 400,
        body: {
          ...(error('No stream', { code: 'unsupported_stream', parameter: 'stream' }) as object),
          code: 'unsupported_stream',
        },
      },
      rejected,
    ],
    [
      '400 with its code beside a text',
      { status: 400, body: { error: 'Too many input images. Use 4.', code: 'IMAGE_INPUT_TOO_MANY' } },
      rejected,
    ],
    [
      '400 with a number as code',
      { status: 400, body: error('Invalid size. Available sizes: 1k', { type: 'error', param: null, code: 400 }) },
      rejected,
    ],
    ['400 of vLLM with a text', { status: 400, body: { detail: 'No such size' } }, rejected],
    [
      '422 of vLLM with a list',
      { status: 422, body: { detail: [{ msg: 'field required', loc: ['body', 'prompt'] }] } },
      free('rejected', 422),
    ],
    ['400 that says nothing', { status: 400 }, rejected],
    ['400 empty_response', { status: 400, body: error('Nothing came', { code: 'empty_response' }) }, rejected],
    ['409', { status: 409, body: { error: 'Conflict' } }, free('rejected', 409)],
    ['any other 4xx', { status: 418, ...text('teapot') }, free('rejected', 418)],
    ['401', { status: 401, body: error('Invalid key', { code: 'invalid_api_key' }) }, free('unauthorized', 401)],
    ['403 in HTML', { status: 403, body: html }, free('unauthorized', 403)],
    [
      '402',
      { status: 402, body: { error: 'Insufficient balance', requiredBalance: 0.0035, status: 402 } },
      free('insufficient_balance', 402),
    ],
    [
      '429 that is a matter of money',
      { status: 429, body: error('Quota', { code: 'insufficient_quota' }) },
      free('insufficient_balance', 429),
    ],
    [
      '404 with an error in JSON',
      { status: 404, body: error('No model x', { code: 'model_not_found' }) },
      free('model_not_found', 404),
    ],
    ['404 in HTML', { status: 404, body: html }, free('not_configured', 404)],
    ['404 in JSON that is no error', { status: 404, body: {} }, free('not_configured', 404)],
    ['404 in text', { status: 404, ...text('404 page not found') }, free('not_configured', 404)],
    ['a redirect', { status: 308, headers: { location: 'https://nano-gpt.example/' } }, free('not_configured', 308)],
    [
      'content policy',
      {
        status: 400,
        body: {
          ...(error('Blocked', { type: 'invalid_request_error', code: 'content_policy_violation' }) as object),
          moderation: {},
        },
      },
      free('moderated', 400),
    ],
    [
      'moderation of OpenAI',
      { status: 400, body: error('Blocked', { code: 'moderation_blocked' }) },
      free('moderated', 400),
    ],
    ['413 in HTML', { status: 413, body: html }, free('too_large', 413)],
    ['413 in text', { status: 413, ...text('Request Entity Too Large') }, free('too_large', 413)],
    ['429', { status: 429, body: { code: 'rate_limited', message: 'Rate limit exceeded' } }, limited],
    [
      '429 with a wait in seconds',
      { status: 429, headers: { 'retry-after': '60' }, body: { error: 'slow' } },
      { ...limited, retryAfter: 60 },
    ],
    [
      '503 with a wait',
      { status: 503, headers: { 'retry-after': '7' }, body: html },
      free('rate_limited', 503, { retryable: true, retryAfter: 7 }),
    ],
    [
      '503 of the rate limiter',
      { status: 503, body: { error: 'busy', code: 'rate_limiter_unavailable' } },
      free('rate_limited', 503, { retryable: true }),
    ],
    [
      '503 of the rate limiter that also has a type',
      { status: 503, body: error('busy', { code: 'rate_limiter_unavailable', type: 'server_error' }) },
      free('rate_limited', 503, { retryable: true }),
    ],
    [
      '429 with a wait of over a minute',
      { status: 429, headers: { 'retry-after': '61' }, body: { error: 'slow' } },
      free('daily_limit', 429, { retryAfter: 61 }),
    ],
    [
      'a daily cap on requests',
      {
        status: 429,
        body: error('Daily limit.', { code: 'daily_rpd_limit_exceeded', type: 'rate_limit_error' }),
      },
      free('daily_limit', 429),
    ],
    [
      'a daily cap on money',
      { status: 429, headers: { 'retry-after': '9' }, body: error('Cap', { code: 'daily_usd_limit_exceeded' }) },
      free('daily_limit', 429, { retryAfter: 9 }),
    ],
    ['408', { status: 408, ...text('Request Timeout') }, unknown('timed_out', 408)],
    ['500', { status: 500, body: { error: 'x' } }, unknown('server_failed', 500)],
    ['502 in HTML', { status: 502, body: html }, unknown('server_failed', 502)],
    ['503 that says nothing', { status: 503 }, unknown('server_failed', 503)],
    ['504 in text', { status: 504, ...text('upstream timed out') }, unknown('server_failed', 504)],
    ['200 in HTML', { body: html }, { code: 'bad_response', charged: 'unknown', retryable: false }],
    ['200 in text', text('ok'), { code: 'bad_response', charged: 'unknown', retryable: false }],
    ['204', { status: 204 }, { code: 'bad_response', charged: 'unknown', retryable: false }],
    ['200 with half a JSON', text('{"data":[{"b64_'), { code: 'bad_response', charged: 'unknown', retryable: false }],
    ['200 without images', { body: { data: [] } }, unknown('bad_response', 200)],
    ['200 without data', { body: { created: 1 } }, unknown('bad_response', 200)],
    ['200 with an entry of nulls', { body: { data: [{ b64_json: null, url: null }] } }, unknown('bad_response', 200)],
    ['200 with entries that are none', { body: { data: [null, 7, 'x', []] } }, unknown('bad_response', 200)],
    ['200 with an image that is none', answer([Buffer.from('not an image at all')]), unknown('bad_response', 200)],
    ['200 with base64 that is none', { body: { data: [{ b64_json: '%%%%' }] } }, unknown('bad_response', 200)],
    ['200 that holds a refusal', { body: error('No such size', { code: 'invalid_size' }) }, free('rejected', 200)],
    [
      '200 that holds an error with a status',
      { body: { error: 'Insufficient balance', status: 402 } },
      free('insufficient_balance', 200),
    ],
    [
      '200 that holds content policy',
      { body: { ...(error('Blocked', { code: 'content_policy_violation' }) as object), data: [] } },
      free('moderated', 200),
    ],
    ['200 that holds a failure', { body: error('It broke', { code: 500 }) }, unknown('server_failed', 200)],
    ['200 that holds an unknown error', { body: { error: 'Something' } }, unknown('bad_response', 200)],
    ['200 that holds an error without words', { body: { error: {} } }, unknown('bad_response', 200)],
  ];
  for (const [title, reply, failure] of rows) {
    it(`${title}: ${failure.code}, charged: ${failure.charged}`, async () =>
      assertFailure(await catchOne(reply), failure));
  }

  it('reads a wait that is given as a date', async () => {
    const { failure } = await catchOne({ status: 429, headers: { 'retry-after': inHour() }, body: { error: 'slow' } });
    assert.equal(failure.code, 'daily_limit');
    assert.ok(failure.retryAfter > 3590 && failure.retryAfter <= 3600, String(failure.retryAfter));
  });

  for (const [where, reply] of [
    ['the header', { status: 500, headers: { 'x-request-id': 'req-7' }, body: { error: 'x' } }],
    ['the body', { status: 500, body: { error: 'x', requestId: 'req-7' } }],
    ['an answer without images', { body: { data: [], requestId: 'req-7' } }],
  ] as [string, Reply][]) {
    it(`gives the request id of ${where}`, async () =>
      assert.equal((await catchOne(reply)).failure.requestId, 'req-7'));
  }

  it('tells what the service says, in one line', async () => {
    const { error: caught } = await catchOne({
      status: 400,
      body: { detail: [{ msg: 'field\nrequired', loc: ['body', 'size'] }] },
    });
    assert.match(caught.message, /body\.size: field required/);
  });

  it('tells what a page says without its tags and styles', async () => {
    const { error: caught } = await catchOne({ status: 502, body: html });
    assert.match(caught.message, /It is gone/);
    assert.doesNotMatch(caught.message, /[<{]/);
  });

  it('names the base URL where a server does not know the API', async () => {
    assert.match((await catchOne({ status: 404, body: html })).error.message, /base URL/);
  });

  it('a cut after the request went out is connection_lost, with the cause in plain words', async () => {
    const caught = await catchOne((_, response) => void response.socket?.destroy());
    assertFailure(caught, { code: 'connection_lost', charged: 'unknown', retryable: false });
    assert.deepEqual(Object.keys(caught.error.cause).sort(), ['code', 'message', 'name']);
    assert.equal(Object.getPrototypeOf(caught.error.cause), Object.prototype);
  });

  it('no answer in time is timed_out', async () => {
    const caught = await catchOne(() => undefined, { timeout: '1' });
    assertFailure(caught, { code: 'timed_out', charged: 'unknown', retryable: false });
  });

  it('a server that is not there is unreachable, and nothing was charged', async () => {
    const flow = await serve({});
    await flow.service.close();
    const { caught } = await flow.send({ payload: 'a fox in the snow', topic: 'animals' });
    assertFailure(caught[0]!, { code: 'unreachable', charged: 'no', retryable: true });
    assert.equal(caught[0]!.error.cause.code, 'ECONNREFUSED');
  });

  for (const status of [403, 404, 410]) {
    it(`an image whose address answers ${status} is download_failed: made, paid, and its address is told`, async () => {
      const caught = await catchOne(({ method, path, headers }) => {
        const url = `http://${headers.host}/made.png`;
        return method === 'POST'
          ? addresses([url], { requestId: 'req-9' })
          : { status, body: `${path} <Error>Request has expired</Error>` };
      });
      const [url] = caught.failure.urls;
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/made\.png$/);
      assertFailure(caught, {
        code: 'download_failed',
        charged: 'yes',
        retryable: false,
        status: 200,
        requestId: 'req-9',
        urls: [url],
      });
      assert.match(caught.error.message, new RegExp(`HTTP ${status}.*msg\\.failure\\.urls`));
    });
  }

  it('a request that is too large is not sent', async () => {
    const flow = await serve({});
    const { caught } = await flow.send({ payload: 'fox '.repeat(1_000_001) });
    assert.equal(caught[0]!.failure.code, 'too_large');
    assert.equal(caught[0]!.failure.charged, 'no');
    assert.deepEqual(flow.service.seen, []);
  });
});

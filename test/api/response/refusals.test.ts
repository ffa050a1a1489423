import assert from 'node:assert/strict';
import { readRetryAfterText } from '../../../src/api/response/retry-after.js';
import { readErrorInside, readReason, toFailure } from '../../../src/api/response/to-failure.js';
import type { ErrorCode } from '../../../src/errors.js';

const asIs = (text: string): string => text;
const now = Date.UTC(2026, 10, 23, 12);

type Row = [status: number, body: unknown, code: ErrorCode, charged: 'no' | 'unknown', said: RegExp];

const rows: Record<string, Row[]> = {
  'the sentence is found wherever it stands': [
    [400, { error: { message: 'Provider returned error', code: 400, metadata: { raw: '{"error":{"message":"Only one image is taken."}}' } } }, 'rejected', 'no', /Only one image is taken/],
    [400, { errors: [{ message: 'The width must be even', code: 7001 }], success: false }, 'rejected', 'no', /width must be even/],
    [422, { errors: { size: ['must be one of 512, 1024'] } }, 'rejected', 'no', /must be one of 512/],
    [400, [{ error: { code: 400, message: 'The seed is too large.', status: 'INVALID_ARGUMENT' } }], 'rejected', 'no', /seed is too large/],
    [500, { error: 'server_error', message: 'out of memory on device 0' }, 'server_failed', 'unknown', /out of memory/],
    [422, { detail: [{ type: 'missing', loc: ['body', 'prompt'], msg: 'Field required' }] }, 'rejected', 'no', /body\.prompt: Field required/],
    [400, { message: 'bad gateway said: {"error":{"message":"the upstream is gone"}}' }, 'rejected', 'no', /the upstream is gone/],
    [400, { success: false, error: { name: 'X', details: { reason: 'The prompt holds no words.' } } }, 'rejected', 'no', /holds no words/],
    [400, { name: 'ZodError', issues: [{ code: 'too_small', path: ['steps'], message: 'Steps must be 1 or more' }] }, 'rejected', 'no', /Steps must be 1/],
    [400, { error: 'Invalid request parameters', details: { _errors: [], style: { _errors: ['Unknown style preset'] } } }, 'rejected', 'no', /Unknown style preset/],
    [400, { fault: { faultstring: 'The body is malformed', detail: { errorcode: 'x.Bad' } } }, 'rejected', 'no', /body is malformed/],
    [400, { error_code: 21, error_msg: 'the size is not offered' }, 'rejected', 'no', /size is not offered/],
    [400, { base_resp: { status_code: 2013, status_msg: 'aspect ratio is unknown' } }, 'rejected', 'no', /aspect ratio/],
    [400, { message: { en: 'The style is gone' } }, 'rejected', 'no', /style is gone/],
    [502, { message: '<html><head><title>x</title></head><body><h1>Upstream is away</h1></body></html>' }, 'server_failed', 'unknown', /\(Upstream is away\)/],
  ],
  'money is never the key': [
    [403, { error: { message: 'user quota is not enough', type: 'new_api_error', code: 'insufficient_user_quota' } }, 'insufficient_balance', 'no', /quota/],
    [400, { code: 400, message: 'Insufficient credits: please top up your account.' }, 'insufficient_balance', 'no', /credits/],
    [429, { error: { message: 'You exceeded your current quota, please check your plan and billing details.', code: 'insufficient_quota' } }, 'insufficient_balance', 'no', /quota/],
    [429, { error: 'Your team has used all available credits.' }, 'insufficient_balance', 'no', /credits/],
    [400, { error: { message: 'Budget has been exceeded! Max budget: 2', type: 'budget_exceeded' } }, 'insufficient_balance', 'no', /Budget/],
    [403, { detail: 'Not enough balance on your account' }, 'insufficient_balance', 'no', /balance/],
  ],
  'a limit of the day is not waited for': [
    [429, { error: { message: 'Rate limit exceeded: free-models-per-day. Add 10 credits to unlock more.' } }, 'daily_limit', 'no', /per-day/],
    [429, { error: { message: 'Daily request limit exceeded', code: 'daily_rpd_limit_exceeded' } }, 'daily_limit', 'no', /Daily/],
    [429, { error: { message: 'Too many requests, try again in 3 hours' } }, 'daily_limit', 'no', /3 hours/],
    [429, { error: { message: 'Quota exceeded. Please retry in 9s.', details: [{ violations: [{ quotaId: 'ImagesPerDayPerProject' }] }] } }, 'daily_limit', 'no', /Quota/],
  ],
  'a quota that comes back in a moment is a rate': [
    [429, { error: { message: 'Your quota will reset after 3s.' } }, 'rate_limited', 'no', /reset after 3s/],
    [429, { error: { message: 'Quota exceeded for requests per minute, retry in 20 seconds' } }, 'rate_limited', 'no', /20 seconds/],
  ],
  'a filter is named as one': [
    [400, { error: { message: 'x', code: 'InputTextSensitiveContentDetected' } }, 'moderated', 'no', /x/],
    [403, { error: { message: 'Your input was flagged', code: 403, metadata: { reasons: ['violence'] } } }, 'moderated', 'no', /flagged/],
    [400, { error: { message: 'Rejected by our safety system.', code: 'moderation_blocked' } }, 'moderated', 'no', /safety/],
    [422, { detail: [{ loc: ['body'], msg: 'blocked', type: 'content_policy_violation' }] }, 'moderated', 'no', /blocked/],
    [400, { error: { code: '1301', message: '输入内容包含敏感信息' } }, 'moderated', 'no', /敏感/],
  ],
  'a model that is not there': [
    [403, { error: { message: 'Project `p` does not have access to model `m`', code: 'model_not_found' } }, 'model_not_found', 'no', /access/],
    [503, { error: { message: 'No available channel for model m', type: 'new_api_error', code: 'model_not_found' } }, 'model_not_found', 'no', /channel/],
    [503, { error: { message: 'No available channel for model m under group default' } }, 'model_not_found', 'no', /channel/],
    [404, { error: { message: 'models/m is not found for API version v1' } }, 'model_not_found', 'no', /not found/],
    [400, { error: { message: 'The model `m` has been deprecated' } }, 'model_not_found', 'no', /deprecated/],
  ],
  'an address that is wrong': [
    [404, { detail: 'Not Found' }, 'not_configured', 'no', /base URL/],
    [405, { detail: 'Method Not Allowed' }, 'not_configured', 'no', /base URL/],
    [404, { message: 'no Route matched with those values' }, 'not_configured', 'no', /base URL/],
    [404, { error: { message: 'Invalid URL (POST /v1/v1/images/generations)' } }, 'not_configured', 'no', /base URL/],
    [404, '404 page not found', 'not_configured', 'no', /base URL/],
    [404, { statusCode: 404, error: 'Not Found', message: 'Route POST:/images/generations not found' }, 'not_configured', 'no', /base URL/],
    [404, { error: { code: 404, message: 'File Not Found', type: 'not_found_error' } }, 'not_configured', 'no', /base URL/],
  ],
  'a model that is being loaded costs nothing': [
    [503, { error: 'Model a/b is currently loading', estimated_time: 20 }, 'rate_limited', 'no', /loading/],
  ],
  'loose words decide nothing where the outcome is unknown': [
    [500, { error: { message: 'moderation service failed', code: 'moderation_service_error' } }, 'server_failed', 'unknown', /moderation service/],
    [504, { error: { code: 'content_policy_check_timeout', message: 'timed out' } }, 'server_failed', 'unknown', /timed out/],
    [502, { error: { message: 'The balance service did not answer: insufficient credits?' } }, 'server_failed', 'unknown', /balance service/],
    [408, { error: { message: 'flagged for review, then timed out' } }, 'timed_out', 'unknown', /flagged/],
  ],
}; // prettier-ignore

describe('a refusal', () => {
  for (const [title, list] of Object.entries(rows)) {
    for (const [status, body, code, charged, said] of list) {
      it(`${title}: ${status} ${JSON.stringify(body).slice(0, 90)}`, () => {
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        const error = toFailure({ status, headers: {} }, text, asIs, now);
        assert.deepEqual([error.code, error.charged], [code, charged]);
        assert.match(error.message, said);
        assert.doesNotMatch(error.message, /[{}]/);
      });
    }
  }

  it('of the organization does not blame the key', () => {
    const body = { error: { message: 'Your organization must be verified to use the model `m`.', code: null } };
    const error = toFailure({ status: 403, headers: {} }, JSON.stringify(body), asIs, now);
    assert.equal(error.code, 'rejected');
  });

  const inside: [object, ErrorCode, 'no' | 'unknown'][] = [
    [{ error: 'Unexpected endpoint or method. (POST /v1/images/generations)' }, 'not_configured', 'no'],
    [{ error: { code: 'content_policy_violation', message: 'no' } }, 'moderated', 'no'],
    [{ error: { code: 'rate_limit_storage', message: 'the limiter is down' } }, 'bad_response', 'unknown'],
    [{ error: { message: 'the flagged image could not be stored' } }, 'bad_response', 'unknown'],
    [{ errors: [{ message: 'it failed' }] }, 'bad_response', 'unknown'],
  ];
  for (const [body, code, charged] of inside) {
    it(`inside a 200 is ${code} for ${JSON.stringify(body).slice(0, 80)}`, () => {
      const error = readErrorInside({ status: 200, headers: {} }, body, asIs, now);
      assert.deepEqual([error?.code, error?.charged], [code, charged]);
    });
  }

  it('is read from a body however deep it is', () => {
    const deep = `${'{"error":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    assert.equal(toFailure({ status: 400, headers: {} }, deep, asIs, now).code, 'rejected');
  });
});

describe('the reason why a 2xx holds no image', () => {
  const reasons: [body: object, code: ErrorCode | undefined, said: RegExp][] = [
    [{ success: false, message: 'The worker ran out of memory' }, 'bad_response', /out of memory/],
    [{ code: 501, msg: 'The queue is full', data: null }, 'bad_response', /queue is full/],
    [
      { data: null, base_resp: { status_code: 1026, status_msg: 'the prompt is sensitive' } },
      'bad_response',
      /sensitive/,
    ],
    [
      { choices: [{ message: { role: 'assistant', content: 'I do not draw people.' } }] },
      'bad_response',
      /draw people/,
    ],
    [{ choices: [{ finish_reason: 'content_filter', message: { content: null } }] }, 'moderated', /./],
    [{ candidates: [{ finishReason: 'IMAGE_SAFETY', finishMessage: 'It may be unsafe.' }] }, 'moderated', /unsafe/],
    [{ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }, 'moderated', /./],
    [{ id: 'x', status: 'Request Moderated', result: null }, 'moderated', /./],
    [{ finish_reason: 'CONTENT_FILTERED', seed: 0 }, 'moderated', /./],
    [{ code: 200, message: 'success', data: [] }, undefined, /^$/],
    [{ created: 1, data: [] }, undefined, /^$/],
  ];
  for (const [body, code, said] of reasons) {
    it(`is ${code} for ${JSON.stringify(body).slice(0, 90)}`, () => {
      const error = readReason({ status: 200, headers: {} }, body, asIs, now);
      assert.equal(error?.code, code);
      assert.match(error?.message ?? '', said);
    });
  }
});

describe('the wait that a sentence asks for', () => {
  const waits: [string, number | undefined][] = [
    ['Please try again in 20s.', 20],
    ['Please try again in 1m30s', 90],
    ['Your quota will reset after 3s.', 3],
    ['Retry after 2 seconds', 2],
    ['try again in 500ms', 0.5],
    ['resets in 2 hours', 7200],
    ['try again later', undefined],
    ['try again in 3 attempts', undefined],
    ['', undefined],
  ];
  for (const [sentence, seconds] of waits)
    it(`${JSON.stringify(sentence)} is ${seconds}`, () => assert.equal(readRetryAfterText(sentence), seconds));
});

describe('the wait that a refusal holds elsewhere', () => {
  const left = 'x-ratelimit-remaining';
  const rows: [title: string, headers: Record<string, string>, body: object, seconds: number | undefined][] = [
    ['milliseconds', { 'retry-after-ms': '1500' }, {}, 1.5],
    ['a duration', { [`${left}-requests`]: '0', 'x-ratelimit-reset-requests': '1m2s' }, {}, 62],
    ['seconds', { 'ratelimit-reset': '7' }, {}, 7],
    ['seconds since the epoch', { [left]: '0', 'x-ratelimit-reset': String(now / 1000 + 9) }, {}, 9],
    ['milliseconds since the epoch', { [left]: '0', 'x-ratelimit-reset': String(now + 9000) }, {}, 9],
    ['a limit that was not hit', { [left]: '12', 'x-ratelimit-reset': '40' }, {}, undefined],
    ['Google', {}, { error: { details: [{ '@type': 'google.rpc.RetryInfo', retryDelay: '3.5s' }] } }, 3.5],
    ['a number', {}, { detail: 'slow down', retry_after: 2 }, 2],
    ['a word', {}, { retry_after: 'soon' }, undefined],
    ['Retry-After first', { 'retry-after': '4', 'retry-after-ms': '9000' }, { retry_after: 2 }, 4],
  ];
  for (const [title, headers, body, seconds] of rows) {
    it(`is read: ${title}`, () => {
      const error = toFailure({ status: 429, headers }, JSON.stringify(body), asIs, now);
      assert.equal(error.details.retryAfter, seconds);
    });
  }

  it('is not waited for where it is hours', () => {
    const headers = { [left]: '0', 'x-ratelimit-reset': String(now + 5 * 3600_000) };
    const error = toFailure({ status: 429, headers }, '{"error":{"message":"Rate limit exceeded"}}', asIs, now);
    assert.equal(error.code, 'daily_limit');
  });
});

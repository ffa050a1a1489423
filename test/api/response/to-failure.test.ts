import assert from 'node:assert/strict';
import { readRetryAfter } from '../../../src/api/response/retry-after.js';
import { readErrorInside, toFailure, readRequestId } from '../../../src/api/response/to-failure.js';
import type { ErrorCode } from '../../../src/errors.js';

const now = Date.UTC(2026, 10, 23, 12);
const asIs = (text: string): string => text;

describe('the failure that a response stands for', () => {
  it('holds until midnight UTC where the service says so', () => {
    const message = 'Daily request limit exceeded (1000/1000). Resets at midnight UTC.';
    const {
      code,
      details,
      message: said,
    } = toFailure({ status: 429, headers: {} }, JSON.stringify({ error: { message } }), asIs, now);
    assert.deepEqual([code, details.retryAfter], ['daily_limit', 12 * 3600]);
    assert.match(said, /It resets at 2026-11-24 00:00 UTC\./);
  });

  const statuses: [ErrorCode, 'no' | 'unknown', number[]][] = [
    ['not_configured', 'no', [300, 301, 302, 304, 307, 308]],
    ['rejected', 'no', [400, 405, 406, 409, 410, 415, 418, 422, 424, 451, 499]],
    ['unauthorized', 'no', [401, 403]],
    ['insufficient_balance', 'no', [402]],
    ['model_not_found', 'no', [404]],
    ['too_large', 'no', [413]],
    ['rate_limited', 'no', [429]],
    ['timed_out', 'unknown', [408]],
    ['server_failed', 'unknown', [500, 501, 502, 503, 504, 520, 524, 529, 599]],
  ];
  for (const [code, charged, list] of statuses) {
    for (const status of list) {
      it(`${status} is ${code}, charged: ${charged}`, () => {
        const error = toFailure({ status, headers: {} }, '{"error":{"message":"It failed"}}', asIs, now);
        assert.deepEqual([error.code, error.charged, error.details.status], [code, charged, status]);
        if (code !== 'not_configured') assert.match(error.message, /It failed/);
      });
    }
  }

  for (const body of [
    '',
    ' ',
    'null',
    '[]',
    '"text"',
    '{',
    '{"error":null}',
    '{"error":[]}',
    '{"error":{"message":7,"code":{}}}',
    '{"detail":[null,7,{"loc":5}]}',
    '\u0000',
  ]) {
    it(`is told in a sentence where the body is ${JSON.stringify(body)}`, () => {
      const error = toFailure({ status: 500, headers: {} }, body, asIs, now);
      assert.equal(error.code, 'server_failed');
      assert.doesNotMatch(error.message, /undefined|\[object|\(\)|\{\{/);
    });
  }

  it('is one short sentence, however long the message of the service', () => {
    const error = toFailure({ status: 400, headers: {} }, JSON.stringify({ error: 'word '.repeat(10_000) }), asIs, now);
    assert.ok(error.message.length < 500);
  });

  it('is found quickly in a hostile page', () => {
    const start = performance.now();
    for (const part of ['<style', '<', '<script>', '<!--'])
      toFailure({ status: 500, headers: {} }, part.repeat(65_536 / part.length), asIs, now);
    assert.ok(performance.now() - start < 1000);
  });

  for (const body of ['{}', '{"error":null,"data":[]}', '{"error":false}', '[]', 'null']) {
    it(`is none inside ${body}`, () =>
      assert.equal(readErrorInside({ status: 200, headers: {} }, JSON.parse(body), asIs, now), undefined));
  }

  it('is redacted before it is shown', () => {
    const error = toFailure(
      { status: 400, headers: {} },
      '{"error":"bad key sk-1"}',
      (text) => text.replace('sk-1', '…'),
      now,
    );
    assert.match(error.message, /bad key …/);
  });
});

describe('the wait that a service asks for', () => {
  const rows: [string | undefined, number | undefined][] = [
    ['0', 0],
    ['7', 7],
    [' 60 ', 60],
    ['1.5', 1.5],
    ['Mon, 23 Nov 2026 12:00:30 GMT', 30],
    ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    ['-5', undefined],
    [undefined, undefined],
  ];
  for (const [header, seconds] of rows) {
    it(`${JSON.stringify(header)} is ${seconds ?? 'none'}`, () => {
      const found = readRetryAfter(header, now);
      assert.equal(found, seconds);
    });
  }
});

describe('the request id', () => {
  it('is read from either header', () => {
    assert.equal(readRequestId({ status: 200, headers: { 'x-request-id': 'a' } }), 'a');
    assert.equal(readRequestId({ status: 200, headers: { 'request-id': 'b' } }), 'b');
    assert.equal(readRequestId({ status: 200, headers: {} }), undefined);
  });
});

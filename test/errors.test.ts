import assert from 'node:assert/strict';
import { type Charged, type ErrorCode, ImageError, fill, usuallyCharged } from '../src/errors.js';

/** The verdicts of the table of errors. */
const verdicts: Record<Charged, ErrorCode[]> = {
  no: [
    'not_configured', 'invalid_input', 'too_large', 'blocked_address', 'unauthorized', 'insufficient_balance', 'budget_exceeded',
    'model_not_found', 'rejected', 'moderated', 'rate_limited', 'daily_limit', 'queue_full', 'cluster_unavailable', 'unreachable', 'cancelled',
  ],
  unknown: ['timed_out', 'connection_lost', 'server_failed', 'bad_response'],
  yes: ['download_failed'],
}; // prettier-ignore

describe('ImageError', () => {
  for (const [charged, codes] of Object.entries(verdicts)) {
    for (const code of codes)
      it(`${code} was charged: ${charged}`, () => assert.equal(new ImageError(code, 'rejected').charged, charged));
  }

  it('has no further code', () =>
    assert.deepEqual(Object.keys(usuallyCharged).sort(), Object.values(verdicts).flat().sort()));

  it('takes the verdict that its caller gives', () =>
    assert.equal(new ImageError('cancelled', 'cancelled', {}, { charged: 'unknown' }).charged, 'unknown'));

  it('shows as its sentence, without the name of a class', () => {
    const error = new ImageError('invalid_input', 'no_prompt', { field: 'msg.payload' });
    assert.equal(String(error), error.message);
    assert.match(error.message, /^There is no prompt in msg\.payload: /);
  });

  it('keeps of its cause name, code and message alone', () => {
    const cause = Object.assign(new TypeError('bad'), {
      code: 'EBAD',
      headers: { authorization: 'Bearer sk' },
      request: {},
    });
    assert.deepEqual(new ImageError('unreachable', 'unreachable', {}, { cause }).cause, {
      name: 'TypeError',
      code: 'EBAD',
      message: 'bad',
    });
    assert.deepEqual(new ImageError('unreachable', 'unreachable', {}, { cause: 'odd' }).cause, {
      name: 'Error',
      message: 'odd',
    });
  });

  it('has no cause where there is none', () => assert.ok(!('cause' in new ImageError('rejected', 'rejected'))));

  it('gets more details without losing those it has', () => {
    const error = new ImageError('rejected', 'rejected', { detail: 'x' }, { status: 400, charged: 'unknown' }).with({
      requestId: 'r',
    });
    assert.deepEqual(
      [error.code, error.charged, error.details.status, error.details.requestId],
      ['rejected', 'unknown', 400, 'r'],
    );
    assert.match(error.message, /x/);
  });
});

describe('a sentence', () => {
  it('is filled with what it names, once', () => {
    assert.equal(fill('{{a}} and {{b}} and {{a}}', { a: '{{b}}', b: 2 }), '{{b}} and 2 and {{b}}');
    assert.equal(fill('no {{such}} name', {}), 'no  name');
    assert.equal(fill('{{a}}', { a: '$& $1' }), '$& $1');
  });
});

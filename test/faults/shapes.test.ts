import assert from 'node:assert/strict';
import { type Charged, type ErrorCode, ImageError } from '../../src/errors.js';
import { answer } from '../helpers/server-behaviors.js';
import { type AccountFixture, foxRequest, startAccountFixture } from '../helpers/account-fixture.js';

/** Every shape in which services and gateways say what is wrong, with words that mean nothing beside the status. */
const shapes: Record<string, string | object> = {
  'OpenAI’s object': { error: { message: 'It said so.', type: 'some_error', code: 'some_code', param: 'model' } },
  'the code twice': {
    error: { message: 'It said so.', type: 'some_error', code: 'some_code', parameter: 'stream' },
    code: 'some_code',
  },
  'a text with a status': { error: 'It said so.', status: 499 },
  'a text with a code': { error: 'It said so.', code: 'SOME_CODE' },
  'a message with a code': { code: 'some_code', message: 'It said so.' },
  'a number for a code': { error: { message: 'It said so.', type: 'error', param: null, code: 499 } },
  'a detail': { detail: 'It said so.' },
  details: { detail: [{ loc: ['body', 'size'], msg: 'It said so.', type: 'value_error' }] },
  'an empty object': {},
  'an error that is null': { error: null },
  'an empty array': [],
  HTML: '<html><head><title>x</title></head><body>It said so.</body></html>',
  text: 'It said so.',
  nothing: '',
  'broken JSON': '{"error":{"message":"It said so.',
};

/** README: errors. A 404 without JSON is not the API. */
const statuses: [number, ErrorCode, Charged][] = [
  [301, 'not_configured', 'no'],
  [400, 'rejected', 'no'],
  [401, 'unauthorized', 'no'],
  [402, 'insufficient_balance', 'no'],
  [403, 'unauthorized', 'no'],
  [404, 'model_not_found', 'no'],
  [405, 'rejected', 'no'],
  [408, 'timed_out', 'unknown'],
  [409, 'rejected', 'no'],
  [413, 'too_large', 'no'],
  [415, 'rejected', 'no'],
  [418, 'rejected', 'no'],
  [422, 'rejected', 'no'],
  [429, 'rate_limited', 'no'],
  [451, 'rejected', 'no'],
  [500, 'server_failed', 'unknown'],
  [501, 'server_failed', 'unknown'],
  [502, 'server_failed', 'unknown'],
  [503, 'server_failed', 'unknown'],
  [504, 'server_failed', 'unknown'],
  [520, 'server_failed', 'unknown'],
  [599, 'server_failed', 'unknown'],
];

/** A 404 in these is no error of the API: the address is wrong. */
const noError = [
  'an empty object',
  'an error that is null',
  'an empty array',
  'HTML',
  'text',
  'nothing',
  'broken JSON',
];

/** No sentence can be read from these. */
const saysNothing = ['an empty object', 'an error that is null', 'an empty array', 'nothing', 'broken JSON'];

describe('a refusal', () => {
  let fixture: AccountFixture;

  before(async () => {
    fixture = await startAccountFixture('plain', { retries: 0 });
  });

  after(() => fixture.close());

  for (const [status, usual, charged] of statuses) {
    it(`with ${status} is ${usual}, charged: ${charged}, in whatever shape it comes`, async () => {
      for (const [shape, body] of Object.entries(shapes)) {
        fixture.server.behaviors.POST = answer(status, body);
        const error = await fixture.account
          .generate(foxRequest, { signal: new AbortController().signal })
          .catch((thrown: unknown) => thrown);
        assert.ok(error instanceof ImageError);
        const code = [404, 405].includes(status) && noError.includes(shape) ? 'not_configured' : usual;
        assert.deepEqual([error.code, error.charged, error.details.status], [code, charged, status], shape);
        if (code !== 'not_configured' && !saysNothing.includes(shape))
          assert.match(error.message, /It said so\./, shape);
      }
    });
  }
});

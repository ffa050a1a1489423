import assert from 'node:assert/strict';
import { type Charged, type ErrorCode, type ErrorDetails, ImageError } from '../../src/errors.js';
import { type RetryOptions, retry } from '../../src/queue/retry.js';
import { testClock } from '../helpers/clock.js';

/** What a series of tries led to. */
interface Series {
  /** `done`, or the code and the verdict of the error. */
  outcome: string;
  tries: number[];
  /** In milliseconds. */
  waits: number[];
}

describe('retry', () => {
  it('resolves with the first success', async () => {
    assert.deepEqual(await run([]), { outcome: 'done', tries: [1], waits: [] });
    assert.deepEqual(await run([busy(), busy()]), { outcome: 'done', tries: [1, 2, 3], waits: [1000, 2000] });
  });

  it('gives up after as many retries as the account allows, with the last failure', async () => {
    assert.deepEqual(await run([busy(), busy(), failure('unreachable'), busy()], { retries: 2 }), {
      outcome: 'unreachable no',
      tries: [1, 2, 3],
      waits: [1000, 2000],
    });
    assert.deepEqual(await run([busy()], { retries: 0 }), { outcome: 'rate_limited no', tries: [1], waits: [] });
  });

  it('waits as long as the service asks', async () => {
    const { waits } = await run([busy({ retryAfter: 7 }), busy({ retryAfter: 0 }), busy()], { retries: 3 });
    assert.deepEqual(waits, [7000, 0, 4000]);
  });

  it('waits 1, 2, 4, 8 s at most, by chance any time below', async () => {
    const failures = [busy(), busy(), busy(), busy()];
    assert.deepEqual((await run(failures, { retries: 4, random: () => 1 })).waits, [1000, 2000, 4000, 8000]);
    assert.deepEqual((await run(failures, { retries: 4, random: () => 0.25 })).waits, [250, 500, 1000, 2000]);
    assert.deepEqual((await run(failures, { retries: 4, random: () => 0 })).waits, [0, 0, 0, 0]);
  });

  const never: ErrorCode[] = [
    'invalid_input',
    'too_large',
    'unauthorized',
    'insufficient_balance',
    'budget_exceeded',
    'model_not_found',
    'rejected',
    'moderated',
  ];
  for (const code of [
    ...never,
    'not_configured',
    'blocked_address',
    'daily_limit',
    'queue_full',
    'cancelled',
  ] as ErrorCode[]) {
    it(`does not repeat ${code}, though it was free`, async () => {
      assert.deepEqual(await run([failure(code)], { retryUnknown: true }), {
        outcome: `${code} no`,
        tries: [1],
        waits: [],
      });
    });
  }

  for (const code of ['timed_out', 'connection_lost', 'server_failed', 'bad_response'] as ErrorCode[]) {
    it(`repeats ${code} only where paying twice is allowed`, async () => {
      assert.deepEqual(await run([failure(code)]), { outcome: `${code} unknown`, tries: [1], waits: [] });
      assert.deepEqual(await run([failure(code)], { retryUnknown: true }), {
        outcome: 'done',
        tries: [1, 2],
        waits: [1000],
      });
    });
  }

  it('goes by the verdict, not by the code', async () => {
    assert.deepEqual((await run([failure('connection_lost', { charged: 'no' })])).tries, [1, 2]);
    assert.deepEqual((await run([failure('rate_limited', { charged: 'unknown' })])).tries, [1]);
  });

  it('calls an unknown outcome retryable only where paying twice is allowed', async () => {
    const retryable = async (retryUnknown: boolean, code: ErrorCode): Promise<boolean> => {
      const attempt = (): Promise<never> => Promise.reject(failure(code));
      const signal = new AbortController().signal;
      const options = { ...usual, retries: 0, retryUnknown, clock: testClock(), signal };
      return retry(attempt, options).catch((error: ImageError) => error.retryable);
    };
    assert.deepEqual([await retryable(false, 'timed_out'), await retryable(true, 'timed_out')], [false, true]);
    assert.deepEqual([await retryable(false, 'unreachable'), await retryable(true, 'bad_response')], [true, false]);
    assert.equal(await retryable(true, 'download_failed'), false);
  });

  it('never repeats what was paid', async () => {
    assert.deepEqual((await run([failure('download_failed')], { retryUnknown: true })).outcome, 'download_failed yes');
  });

  it('calls the whole unknown when one try was', async () => {
    const { outcome } = await run([failure('server_failed'), failure('rejected')], { retryUnknown: true });
    assert.equal(outcome, 'rejected unknown');
  });

  it('does not wait for what the service puts off for more than a minute', async () => {
    assert.deepEqual(await run([failure('server_failed', { retryAfter: 61 })], { retryUnknown: true }), {
      outcome: 'server_failed unknown',
      tries: [1],
      waits: [],
    });
    assert.deepEqual(
      (await run([failure('server_failed', { retryAfter: 60 })], { retryUnknown: true })).waits,
      [60_000],
    );
  });

  it('passes on an error that is no ImageError', async () => {
    await assert.rejects(run([new TypeError('a bug') as ImageError]), TypeError);
  });

  it('ends at once when it is stopped while it waits', async () => {
    const clock = testClock();
    const stop = new AbortController();
    const reason = new ImageError('cancelled', 'cancelled');
    const ended = retry(() => Promise.reject(busy()), { ...usual, clock, signal: stop.signal });
    while (clock.asleep() === 0) await Promise.resolve();
    stop.abort(reason);
    await assert.rejects(ended, (error) => error === reason);
    assert.equal(clock.asleep(), 0);
  });

  it('says that it may be paid when it is stopped behind a try with an unknown outcome', async () => {
    const clock = testClock();
    const stop = new AbortController();
    const ended = retry(() => Promise.reject(failure('timed_out')), {
      ...usual,
      retryUnknown: true,
      clock,
      signal: stop.signal,
    });
    while (clock.asleep() === 0) await Promise.resolve();
    stop.abort(new ImageError('cancelled', 'cancelled'));
    await assert.rejects(ended, { code: 'cancelled', charged: 'unknown' });
  });

  it('tries no more when it was stopped during a try', async () => {
    const stop = new AbortController();
    let tries = 0;
    const attempt = (): Promise<never> => {
      tries += 1;
      stop.abort();
      return Promise.reject(busy());
    };
    await assert.rejects(retry(attempt, { ...usual, clock: testClock({ skip: Infinity }), signal: stop.signal }), {
      code: 'rate_limited',
    });
    assert.equal(tries, 1);
  });

  it('leaves the waiting to the caller where it wants to', async () => {
    const waits: [ErrorCode, number][] = [];
    await run([busy({ retryAfter: 3 }), failure('unreachable')], {
      wait: async ({ code }, milliseconds) => void waits.push([code, milliseconds]),
    });
    assert.deepEqual(waits, [
      ['rate_limited', 3000],
      ['unreachable', 2000],
    ]);
  });
});

const usual = { retries: 2, retryUnknown: false, random: () => 1 };

function failure(code: ErrorCode, details: ErrorDetails & { charged?: Charged } = {}): ImageError {
  return new ImageError(code, 'rejected', {}, details);
}

function busy(details: ErrorDetails = {}): ImageError {
  return failure('rate_limited', details);
}

/** Fails in turn as given, then succeeds. Waits pass by themselves. */
async function run(failures: ImageError[], options: Partial<RetryOptions> = {}): Promise<Series> {
  const clock = testClock({ skip: Infinity });
  const tries: number[] = [];
  const attempt = async (number: number): Promise<string> => {
    tries.push(number);
    const error = failures[number - 1];
    if (error) throw error;
    return 'done';
  };
  const outcome = await retry(attempt, { ...usual, clock, signal: new AbortController().signal, ...options }).catch(
    (error: unknown) => {
      if (!(error instanceof ImageError)) throw error;
      return `${error.code} ${error.charged}`;
    },
  );
  return { outcome, tries, waits: clock.waits };
}

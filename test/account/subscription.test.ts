import assert from 'node:assert/strict';
import { Account } from '../../src/account/account.js';
import type { AccountSettings } from '../../src/account/settings.js';
import { systemClock } from '../../src/clock.js';
import type { ImageError } from '../../src/errors.js';
import { readSubscription } from '../../src/api/subscription.js';
import { fixtureSettings, foxRequest } from '../helpers/account-fixture.js';
import { image } from '../helpers/images.js';
import { type TestService, startService } from '../helpers/service.js';

const { signal } = new AbortController();

/** As the documentation has it. */
const documented = {
  active: true,
  limits: { daily: 5000, monthly: 60000 },
  enforceDailyLimit: true,
  daily: { used: 5, remaining: 4995, percentUsed: 0.001, resetAt: 1738540800000 },
  monthly: { used: 45, remaining: 59955, percentUsed: 0.00075, resetAt: 1739404800000 },
  period: { currentPeriodEnd: '2025-02-13T23:59:59.000Z' },
  state: 'active',
  graceUntil: null,
};

describe('a subscription', () => {
  const rows: [what: string, body: unknown, expected: unknown][] = [
    [
      'as documented',
      documented,
      {
        active: true,
        state: 'active',
        ends: '2025-02-13T23:59:59.000Z',
        daily: { used: 5, remaining: 4995, limit: 5000, resets: '2025-02-03T00:00:00.000Z' },
        monthly: { used: 45, remaining: 59955, limit: 60000, resets: '2025-02-13T00:00:00.000Z' },
      },
    ],
    [
      'with images a day only',
      { active: true, dailyImages: { used: 2, remaining: '98', resetAt: 1738540800000 } },
      { active: true, state: 'active', dailyImages: { used: 2, remaining: 98, resets: '2025-02-03T00:00:00.000Z' } },
    ],
    ['that is unpaid', { state: 'grace' }, { active: true, state: 'grace' }],
    ['that is none', { active: false, daily: null, monthly: 7 }, { active: false, state: 'inactive' }],
    [
      'with a date that is none',
      { active: true, daily: { resetAt: 'soon' } },
      { active: true, state: 'active', daily: {} },
    ],
    ['in an answer about something else', { models: [] }, undefined],
    ['in no object', 'active', undefined],
  ];
  for (const [what, body, expected] of rows)
    it(`is read ${what}`, () => assert.deepEqual(readSubscription(body), expected));

  describe('of an account', () => {
    let service: TestService;
    let account: Account;

    const open = (settings: Partial<AccountSettings> = {}): Account =>
      (account = new Account({ ...fixtureSettings, proxy: undefined!, baseUrl: service.url, ...settings }));

    beforeEach(async () => {
      const b64_json = (await image()).toString('base64');
      service = await startService(({ path }) => ({
        body: path.endsWith('/usage') ? documented : { data: [{ b64_json }], paymentSource: 'subscription' },
      }));
    });

    afterEach(() => account.close());

    it('is asked with the key', async () => {
      assert.equal((await open().subscription(signal)).daily?.remaining, 4995);
      assert.equal(service.seen[0]?.headers.authorization, `Bearer ${fixtureSettings.apiKey}`);
    });

    it('cannot be asked of other services', () =>
      assert.rejects(open({ service: 'openai' }).subscription(signal), { code: 'invalid_input', charged: 'no' }));

    it('pays what it covers: the budget counts nothing', async () => {
      await open({ budget: 1 }).generate({ ...foxRequest, model: 'hidream' }, { signal });
      assert.equal((await account.spending()).day, 0);
    });

    const usedUp = { active: true, dailyImages: { used: 100, remaining: 0, resetAt: Date.UTC(2026, 10, 21) } };
    const limits: [what: string, usage: unknown, retryAfter: number | undefined, message: RegExp][] = [
      ['that the usage knows', usedUp, 12 * 3600, /It resets at 2026-11-21 00:00 UTC\. \(Daily image limit exceeded\)/],
      ['that has something left', documented, undefined, /wait until it resets/],
      ['that cannot be asked', { error: 'down' }, undefined, /wait until it resets/],
    ];
    for (const [what, usage, retryAfter, message] of limits)
      it(`ends a request with daily_limit where its images of the day are used up, by a subscription ${what}`, async () => {
        service.reply = ({ method }) =>
          method === 'GET'
            ? { body: usage }
            : { status: 429, body: { error: { message: 'Daily image limit exceeded', code: 'daily_image_limit' } } };
        const clock = { ...systemClock, now: () => Date.UTC(2026, 10, 20, 12) };
        account = new Account({ ...fixtureSettings, baseUrl: service.url }, { clock });
        await assert.rejects(account.generate(foxRequest, { signal }), (error: ImageError) => {
          assert.deepEqual([error.code, error.charged, error.retryable], ['daily_limit', 'no', false]);
          assert.equal(error.details.retryAfter, retryAfter);
          assert.match(error.message, message);
          return true;
        });
        assert.equal(service.seen.filter(({ method }) => method === 'POST').length, 1);
      });

    for (const [billing, service_, expected] of [
      ['paygo', 'nanogpt', 'paygo'],
      ['', 'nanogpt', undefined],
      ['paygo', 'compatible', undefined],
    ] as const) {
      it(`${expected ? 'does not pay' : 'is not spoken of'} where billing is “${billing}” at ${service_}`, async () => {
        await open({ billing, service: service_ }).generate({ ...foxRequest, model: 'hidream' }, { signal });
        assert.equal(service.seen.at(-1)?.headers['x-billing-mode'], expected);
      });
    }
  });
});

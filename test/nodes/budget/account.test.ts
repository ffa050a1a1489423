import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from '../../../src/account/account.js';
import type { AccountSettings } from '../../../src/account/settings.js';
import { ImageError } from '../../../src/errors.js';
import type { GenerationRequest, Warning } from '../../../src/generation.js';
import { turn } from '../../helpers/clock.js';
import { temporaryFolder } from '../../helpers/packed.js';
import {
  type PricedService,
  readLedger,
  openAccount,
  startPricedService,
  requestImages,
  price,
  settingsFor,
} from '../../helpers/priced-service.js';

describe('an account with a budget', () => {
  let folder: string;
  let count = 0;
  let directory: string;
  let priced: PricedService;
  let warnings: Warning[];
  const accounts: Account[] = [];

  before(() => {
    folder = temporaryFolder();
  });

  beforeEach(async () => {
    directory = join(folder, String(++count));
    priced = await startPricedService();
    warnings = [];
  });

  afterEach(() => accounts.splice(0).forEach((account) => account.close()));

  /** On the same directory: as after a restart. */
  function open(changes: Partial<AccountSettings> = {}): Account {
    const account = openAccount(settingsFor(priced, changes), {
      storage: { directory, name: 'account' },
      onWarning: (said) => warnings.push(said),
    });
    accounts.push(account);
    return account;
  }

  const codes = (outcomes: PromiseSettledResult<unknown>[]): Record<string, number> => {
    const names = outcomes.map((outcome) =>
      outcome.status === 'fulfilled' ? 'made' : (outcome.reason as ImageError).code,
    );
    return Object.fromEntries(
      [...new Set(names)].map((name) => [name, names.filter((other) => other === name).length]),
    );
  };
  const burst = async (
    account: Account,
    requests = 64,
    changes: Partial<GenerationRequest> = {},
  ): Promise<Record<string, number>> =>
    codes(await Promise.allSettled(Array.from({ length: requests }, () => requestImages(account, changes))));

  /** The ends of requests in the books, as soon as there are so many. */
  async function ends(lines: number): Promise<Record<string, unknown>[]> {
    for (;;) {
      const found = (await readLedger(directory)).filter(({ at }) => at !== 'sent');
      if (found.length >= lines)
        return found.map(({ at, cost, currency }) => ({
          at,
          ...(cost !== undefined && { cost }),
          ...(currency !== undefined && { currency }),
        }));
      await turn();
    }
  }

  it('sends 10 of 64 parallel requests where it is for 10, and none after a restart', async () => {
    const account = open();
    assert.deepEqual(await burst(account), { made: 10, budget_exceeded: 54 });
    assert.equal(priced.prompts.length, 10);
    assert.deepEqual(await burst(account), { budget_exceeded: 64 });
    assert.deepEqual(await burst(open()), { budget_exceeded: 64 });
    assert.equal(priced.prompts.length, 10);
    assert.equal((await account.spending()).month, 1);
  });

  it('sends 10 of 64 also all at once', async () => {
    assert.deepEqual(await burst(open({ concurrency: 64, perMinute: 0 })), { made: 10, budget_exceeded: 54 });
    assert.equal(priced.prompts.length, 10);
  });

  it('sends 10 of 64 where the price is unknown before the first answer', async () => {
    assert.deepEqual(await burst(open(), 64, { model: 'secretive' }), { made: 10, budget_exceeded: 54 });
    assert.equal(priced.prompts.length, 10);
  });

  it('counts images and sizes', async () => {
    assert.deepEqual(await burst(open(), 64, { n: 3, size: '1024x1024' }), { made: 3, budget_exceeded: 61 });
    // At half the price by the list, but images of this model have cost more.
    await requestImages(open(), { n: 1, size: '512x512' });
    const estimates = (await readLedger(directory))
      .filter(({ at }) => at === 'sent')
      .map(({ estimate }) => Number(estimate).toFixed(2));
    assert.deepEqual(estimates, ['0.30', '0.30', '0.30', '0.10']);
  });

  it('asks for the prices once, and not at all without a budget', async () => {
    await burst(open({ budget: undefined } as never), 3);
    assert.equal(priced.listRequests, 0);
    await burst(open(), 3);
    await burst(open(), 3);
    assert.equal(priced.listRequests, 1);
  });

  it('has a request on disk when the service receives it', async () => {
    const found: unknown[] = [];
    priced.answer = async () => void found.push((await readLedger(directory)).filter(({ at }) => at === 'sent').length);
    const account = open({ concurrency: 1 });
    for (let number = 0; number < 3; number++) await requestImages(account);
    assert.deepEqual(found, [1, 2, 3]);
  });

  it('writes the ledger as it is documented', async () => {
    await requestImages(open(), { n: 2 });
    await ends(1);
    const [sent, paid] = await readLedger(directory);
    const id = String(sent?.id);
    assert.deepEqual(Object.keys(sent ?? {}), ['v', 't', 'id', 'at', 'model', 'n', 'estimate', 'currency']);
    assert.deepEqual(
      { ...sent, t: 0 },
      { v: 1, t: 0, id, at: 'sent', model: 'hidream', n: 2, estimate: 0.2, currency: 'USD' },
    );
    assert.deepEqual({ ...paid, t: 0 }, { v: 1, t: 0, id, at: 'paid', cost: 0.2 });
    assert.ok(Math.abs(Date.now() - Number(sent?.t)) < 60_000);
  });

  it('settles each try', async () => {
    priced.answer = (_, number) =>
      number < 3
        ? { status: 503, headers: { 'retry-after': '0' }, body: { code: 'rate_limiter_unavailable' } }
        : undefined;
    assert.equal((await requestImages(open())).attempts, 3);
    assert.deepEqual(await ends(3), [{ at: 'free' }, { at: 'free' }, { at: 'paid', cost: price }]);
    assert.equal(new Set((await readLedger(directory)).map(({ id }) => id)).size, 3);
  });

  it('settles each try that may have been paid', async () => {
    priced.answer = (_, number) => (number < 3 ? { status: 500 } : undefined);
    const account = open({ retryUnknown: true });
    await requestImages(account);
    assert.deepEqual(await ends(3), [{ at: 'unknown' }, { at: 'unknown' }, { at: 'paid', cost: price }]);
    assert.deepEqual(await account.spending().then(({ month, unknown }) => [month, unknown]), [0.3, 2]);
  });

  it('tries again only as long as the budget lasts, and says that it may have been paid', async () => {
    priced.answer = () => ({ status: 500 });
    await assert.rejects(requestImages(open({ budget: price, retryUnknown: true })), {
      code: 'budget_exceeded',
      charged: 'unknown',
    });
    assert.equal(priced.prompts.length, 1);
  });

  const outcomes: [what: string, answer: PricedService['answer'], booked: object, spent: number][] = [
    [
      'what it really cost',
      () => ({ body: { data: [{ b64_json: png }], cost: 0.25, paymentSource: 'USD' } }),
      { at: 'paid', cost: 0.25 },
      0.25,
    ],
    ['a cost as text', () => ({ body: { data: [{ b64_json: png }], cost: '0.25' } }), { at: 'paid', cost: 0.25 }, 0.25],
    ['the estimate where no cost is said', () => ({ body: { data: [{ b64_json: png }] } }), { at: 'paid' }, price],
    [
      'the estimate where the cost is in Nano',
      () => ({ body: { data: [{ b64_json: png }], cost: 26, paymentSource: 'XNO' } }),
      { at: 'paid', cost: 26, currency: 'XNO' },
      price,
    ],
    [
      'the estimate where the cost makes no sense',
      () => ({ body: { data: [{ b64_json: png }], cost: -5 } }),
      { at: 'paid' },
      price,
    ],
    ['nothing for a refusal', () => ({ status: 400, body: { error: 'no' } }), { at: 'free' }, 0],
    [
      'nothing where the balance is too low',
      () => ({ status: 402, body: { error: 'Insufficient balance' } }),
      { at: 'free' },
      0,
    ],
    ['the estimate after a failure of the service', () => ({ status: 500 }), { at: 'unknown' }, price],
    ['the estimate for an answer without an image', () => ({ body: { data: [] } }), { at: 'unknown' }, price],
    [
      'the estimate for an image that cannot be fetched',
      () => ({ body: { data: [{ url: 'http://127.0.0.1:9/gone.png' }] } }),
      { at: 'paid' },
      price,
    ],
  ];
  for (const [what, answer, booked, spent] of outcomes) {
    it(`books ${what}`, async () => {
      priced.answer = answer;
      const account = open({ retries: 0 });
      await requestImages(account).catch(() => undefined);
      assert.deepEqual(await ends(1), [booked]);
      assert.equal((await account.spending()).month, spent);
    });
  }

  it('books what is cancelled under way as unknown, and what has not left as free', async () => {
    const controller = new AbortController();
    priced.answer = () => {
      controller.abort(new ImageError('cancelled', 'cancelled'));
      return new Promise(() => undefined);
    };
    await assert.rejects(requestImages(open(), {}, controller.signal), { code: 'cancelled', charged: 'unknown' });
    assert.deepEqual(await ends(1), [{ at: 'unknown' }]);
    await assert.rejects(requestImages(open({ baseUrl: 'http://127.0.0.1:9', retries: 0 })), { code: 'unreachable' });
    assert.deepEqual((await ends(2)).at(-1), { at: 'free' });
  });

  it('sends what has no price one at a time, and warns', async () => {
    let together = 0;
    let most = 0;
    priced.answer = async () => {
      most = Math.max(most, ++together);
      for (let turns = 0; turns < 5; turns++) await turn();
      together -= 1;
      return { body: { data: [{ b64_json: png }] } };
    };
    const account = open({ budget: 0.5 });
    const all = await Promise.all(Array.from({ length: 6 }, () => requestImages(account, { model: 'nano' })));
    assert.deepEqual(
      all.flatMap((generation) => generation.warnings.map(({ key }) => key)),
      Array.from({ length: 6 }, () => 'price_unknown'),
    );
    assert.equal(most, 1);
  });

  it('sends what has no price side by side where there is no budget', async () => {
    const account = open({ budget: undefined } as never);
    let waiting = 0;
    priced.answer = async () => {
      waiting += 1;
      while (waiting < 4) await turn();
      return undefined;
    };
    const all = await Promise.all(Array.from({ length: 4 }, () => requestImages(account, { model: 'secretive' })));
    assert.deepEqual(
      all.flatMap((generation) => generation.warnings),
      [],
    );
  });

  it('changes in place', async () => {
    const account = open();
    await burst(account);
    account.configure(settingsFor(priced, { budget: 12 * price }));
    assert.deepEqual(await burst(account), { made: 2, budget_exceeded: 62 });
  });

  it('says that its ledger is in memory, and works on', async () => {
    await mkdir(directory);
    await writeFile(join(directory, 'ledger'), 'a file where the folder should be');
    const account = open();
    assert.deepEqual(await burst(account), { made: 10, budget_exceeded: 54 });
    assert.deepEqual(
      warnings.map(({ key }) => key),
      ['ledger_in_memory'],
    );
    assert.ok(account.isSpendingInMemory);
  });

  it('says after a restart how many requests were under way', async () => {
    priced.answer = () => new Promise(() => undefined);
    const account = open();
    for (let number = 0; number < 3; number++) void requestImages(account).catch(() => undefined);
    await priced.service.saw(4);
    const next = open();
    assert.deepEqual(await next.spending().then(({ month, unknown }) => [month, unknown]), [0.3, 3]);
    assert.deepEqual(
      warnings.map(({ key, params }) => [key, params.requests]),
      [['ledger_left_over', 3]],
    );
  });

  it('goes without prices where the list cannot be had', async () => {
    const gone = open({ baseUrl: `${priced.service.url}` });
    priced.service.reply = (seen, response) =>
      void (seen.method === 'GET'
        ? response.socket?.destroy()
        : response.end(JSON.stringify({ data: [{ b64_json: png }], cost: price })));
    assert.deepEqual(await burst(gone), { made: 10, budget_exceeded: 54 });
  });
});

/** The smallest PNG, of one pixel. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

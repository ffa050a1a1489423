import assert from 'node:assert/strict';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from '../../src/account/account.js';
import type { AccountSettings } from '../../src/account/settings.js';
import type { ImageError } from '../../src/errors.js';
import type { GenerationRequest, Warning } from '../../src/generation.js';
import { type TestClock, testClock, turn } from '../helpers/clock.js';
import { temporaryFolder } from '../helpers/packed.js';
import {
  type PricedService,
  openAccount,
  readLedger,
  requestImages,
  settingsFor,
  startPricedService,
} from '../helpers/priced-service.js';
import type { Reply } from '../helpers/service.js';

const start = new Date(2026, 10, 20, 12, 30).getTime();
const [hour, day] = [3600_000, 24 * 3600_000];
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/** An image that costs so much. */
const charge = (cost: number): Reply => ({ body: { data: [{ b64_json: png }], cost, paymentSource: 'USD' } });

describe('attacks on the budget', () => {
  let folder: string;
  let count = 0;
  let directory: string;
  let service: PricedService;
  let clock: TestClock;
  let charged: number;
  let warnings: Warning[];
  const accounts: Account[] = [];

  before(() => {
    folder = temporaryFolder();
  });

  beforeEach(async () => {
    directory = join(folder, String(++count));
    service = await startPricedService();
    clock = testClock({ start, skip: 1000 });
    charged = 0;
    warnings = [];
  });

  afterEach(() => accounts.splice(0).forEach((account) => account.close()));

  /** On the same directory: as after a restart. */
  function open(changes: Partial<AccountSettings> = {}): Account {
    const account = openAccount(
      settingsFor(service, { budget: 1, budgetPeriod: 'day', perMinute: 0, retries: 0, ...changes }),
      {
        storage: { directory, name: 'account' },
        onWarning: (warning) => warnings.push(warning),
        clock,
      },
    );
    accounts.push(account);
    return account;
  }

  function chargeEach(cost: number): void {
    service.answer = () => {
      charged += cost;
      return charge(cost);
    };
  }

  /** Sends so many requests one after another; gives how often the service was asked, and the codes of the failures. */
  async function send(
    account: Account,
    requests: number,
    changes: Partial<GenerationRequest> = {},
  ): Promise<[number, string[]]> {
    const before = service.prompts.length;
    const codes = new Set<string>();
    for (let number = 0; number < requests; number++)
      await requestImages(account, changes).catch((error: ImageError) => codes.add(error.code));
    return [service.prompts.length - before, [...codes]];
  }

  /** Resolves when every request is settled on disk. */
  async function settled(): Promise<void> {
    for (;;) {
      const lines = await readLedger(directory);
      const sent = lines.filter(({ at }) => at === 'sent').length;
      if (lines.length >= 2 * sent) return;
      await turn();
    }
  }

  it('a list that says 0.01 and charges 1.00: at most one request after the first answer', async () => {
    const listed = { object: 'list', data: [{ id: 'hidream', pricing: { per_image: 0.01 } }] };
    service.list = listed;
    chargeEach(1);
    assert.deepEqual(await send(open({ budget: 5 }), 50), [5, ['budget_exceeded']]);
    assert.equal(charged, 5);
  });

  it('a model that always makes four images: priced for four', async () => {
    service.list = {
      data: [{ id: 'hidream', pricing: { per_image: 0.1 }, supported_parameters: { fixed_image_count: 4 } }],
    };
    chargeEach(0.4);
    assert.deepEqual(await send(open({ budget: 0.5 }), 10), [1, ['budget_exceeded']]);
    assert.equal(charged, 0.4);
  });

  it('a parameter that is named like a tier of the price list: chooses none', async () => {
    service.list = { data: [{ id: 'hidream', pricing: { per_image: { low: 0.01, high: 0.6 } } }] };
    chargeEach(0.6);
    assert.deepEqual(await send(open(), 10, { extra: { moderation: 'low' } }), [1, ['budget_exceeded']]);
  });

  it('an unknown price and an unknown outcome: one request, also after a restart, until it is settled', async () => {
    service.answer = () => ({ status: 500 });
    const account = open({ budget: 0.05 });
    assert.deepEqual(await send(account, 50, { model: 'secretive' }), [1, ['server_failed', 'budget_exceeded']]);
    await settled();
    const next = open({ budget: 0.05 });
    assert.deepEqual(await send(next, 50, { model: 'secretive' }), [0, ['budget_exceeded']]);
    assert.deepEqual(await send(next, 1, { size: '512x512' }), [1, ['server_failed']]);
    const [first] = await next.unsettled();
    assert.equal(await next.settle(first!.id, { at: 'free' }), true);
    assert.equal(await next.settle('none', { at: 'free' }), false);
    chargeEach(0.01);
    assert.deepEqual(await send(next, 1, { model: 'secretive' }), [0, ['budget_exceeded']]);
    assert.deepEqual(await send(open({ budget: 1 }), 1, { model: 'secretive' }), [1, []]);
  });

  it('a cost without end: the sums stay finite, and nothing more passes', async () => {
    service.answer = () => charge(1e308);
    const account = open();
    assert.deepEqual(await send(account, 10), [1, ['budget_exceeded']]);
    service.answer = () => charge(-1e308);
    const { day: today } = await account.spending();
    assert.ok(Number.isFinite(today) && today > 1);
  });

  describe('with wrong clocks', () => {
    beforeEach(() => chargeEach(0.1));

    const spendHere = async (requests: number): Promise<void> => {
      await send(open(), requests);
      await settled();
    };

    it('a start 400 days back, set right before the first request', async () => {
      await spendHere(9);
      clock.setTime(start - 400 * day);
      const account = open();
      await account.spending();
      clock.setTime(start);
      assert.deepEqual(await send(account, 20), [1, ['budget_exceeded']]);
    });

    it('a start 400 days back, set right between two requests', async () => {
      await spendHere(5);
      clock.setTime(start - 400 * day);
      const account = open();
      assert.deepEqual(await send(account, 3), [3, []]);
      clock.setTime(start);
      assert.deepEqual(await send(account, 20), [2, ['budget_exceeded']]);
      assert.equal(Math.round(charged * 10), 10);
    });

    it('a start 400 days back that is never set right', async () => {
      await spendHere(9);
      clock.setTime(start - 400 * day);
      assert.deepEqual(await send(open(), 20), [1, ['budget_exceeded']]);
    });

    it('a clock that goes months ahead and comes back', async () => {
      const account = open();
      assert.deepEqual(await send(account, 9), [9, []]);
      clock.setTime(start + 150 * day);
      assert.deepEqual(await send(account, 20), [1, ['budget_exceeded']]);
      clock.setTime(start);
      assert.deepEqual(await send(account, 20), [0, ['budget_exceeded']]);
      clock.setTime(start + day);
      assert.deepEqual(await send(account, 20), [10, ['budget_exceeded']]);
    });

    it('a machine that slept over night: a new day is a new day', async () => {
      const account = open();
      await send(account, 10);
      clock.setTime(start + 18 * hour);
      assert.deepEqual(await send(account, 20), [10, ['budget_exceeded']]);
    });

    it('a Retry-After while the clock is set back an hour: waits as long as it says', async () => {
      service.answer = (_, order) =>
        order === 1 ? { status: 429, headers: { 'retry-after': '7' }, body: { error: 'slow down' } } : charge(0.1);
      const account = open({ retries: 1 });
      const made = requestImages(account);
      while (clock.asleep() < 1 || service.prompts.length < 1) await turn();
      await turn();
      clock.setTime(start - hour);
      await clock.advance(7000);
      assert.equal((await made).attempts, 2);
    });

    for (const [from, to] of [
      ['Pacific/Kiritimati', 'Pacific/Pago_Pago'],
      ['Pacific/Pago_Pago', 'Pacific/Kiritimati'],
    ] as const) {
      it(`a time zone changed at the turn of the month: ${from} -> ${to}`, async () => {
        const zone = process.env.TZ;
        try {
          process.env.TZ = from;
          // 30 November 10:30 to 1 December 12:30, as the zones go.
          clock.setTime(Date.UTC(2026, 10, 30, 22, 30));
          const changes = { budgetPeriod: 'month' } as const;
          await send(open(changes), 9);
          await settled();
          const { month } = await open(changes).spending();
          process.env.TZ = to;
          assert.equal((await open(changes).spending()).month > 0, true);
          const running = accounts[0]!;
          await send(running, 1);
          assert.deepEqual([month, (await running.spending()).month], [0.9, 1]);
        } finally {
          if (zone === undefined) delete process.env.TZ;
          else process.env.TZ = zone;
        }
      });
    }
  });

  describe('on the ledger', () => {
    beforeEach(() => chargeEach(0.1));

    const ledger = (): string => join(directory, 'ledger', 'account');

    it('a ledger that is deleted while Node-RED runs: still counted, said once, and written on', async () => {
      const account = open();
      await send(account, 3);
      await settled();
      await rm(ledger(), { recursive: true });
      assert.deepEqual(await send(account, 20), [7, ['budget_exceeded']]);
      assert.deepEqual(
        warnings.map(({ key }) => key),
        ['ledger_deleted'],
      );
      assert.equal((await readdir(ledger())).length, 1);
    });

    it('two Node-REDs on one user directory: said once', async () => {
      const [one, other] = [open(), open()];
      for (let round = 0; round < 3; round++) for (const account of [one, other]) await send(account, 1);
      assert.deepEqual(
        warnings.map(({ key }) => key),
        ['ledger_shared', 'ledger_shared'],
      );
    });

    it('a ledger of a newer format: refused with a sentence, and read once it is moved away', async () => {
      await send(open(), 1);
      await settled();
      const [file = ''] = await readdir(ledger());
      const { writeFile } = await import('node:fs/promises');
      await writeFile(join(ledger(), file), '{"v":2,"t":1,"id":"a","at":"sent","model":"","n":1,"currency":"USD"}\n');
      const account = open();
      await assert.rejects(requestImages(account), { code: 'not_configured', key: 'ledger_newer', charged: 'no' });
      await rename(join(ledger(), file), join(ledger(), 'newer'));
      assert.deepEqual(await send(account, 1), [1, []]);
    });
  });

  it('a mistyped count: refused by the service, it leaves the minute to the others', async () => {
    service.answer = (seen) => (seen.json.n === 1000 ? { status: 400, body: { error: 'too many' } } : charge(0.01));
    const account = open({ perMinute: 30, budget: 1000 });
    await assert.rejects(requestImages(account, { n: 1000 }), { code: 'rejected' });
    await Promise.all(Array.from({ length: 29 }, () => requestImages(account)));
    assert.equal(clock.waits.filter((wait) => wait < hour / 2 && wait !== 60_000 && wait !== 15_000).length, 0);
  });
});

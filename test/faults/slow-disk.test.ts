import assert from 'node:assert/strict';
import callbacks from 'node:fs';
import promises from 'node:fs/promises';
import { mock } from 'node:test';
import type { Account } from '../../src/account/account.js';
import { closeAccount, draftAccount, openAccount } from '../../src/account/registry.js';
import type { AccountOptions, AccountSettings } from '../../src/account/settings.js';
import { ImageError } from '../../src/errors.js';
import type { Generation } from '../../src/generation.js';
import { turn } from '../helpers/clock.js';
import { temporaryFolder } from '../helpers/packed.js';
import { type PricedService, readLedger, settingsFor, startPricedService } from '../helpers/priced-service.js';
import { chance, seed } from '../helpers/random.js';

const steps = 60;

type Call = (...parameters: unknown[]) => unknown;

describe('a slow disk', () => {
  const dice = chance(seed);
  const sleep = (most: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, dice.below(most)));
  let priced: PricedService;
  let directory: string;
  let warned: string[];
  let charged: number;
  let megabytes: number;

  beforeEach(async () => {
    for (const name of ['mkdir', 'open', 'readdir', 'readFile', 'rm', 'stat'] as const) slowDown(promises, name);
    for (const name of ['write', 'fstat'] as const) slowDown(callbacks, name);
    priced = await startPricedService();
    directory = temporaryFolder();
    [warned, charged, megabytes] = [[], 0, 500];
    priced.answer = async () => {
      await sleep(15);
      if (dice.happens(0.1)) return { status: 400, body: { error: { message: 'no' } } };
      charged += 1;
      return undefined;
    };
  });

  afterEach(() => {
    closeAccount('account');
    mock.restoreAll();
  });

  /** Many a call takes its time before it does anything. */
  function slowDown<Name extends string>(files: Record<Name, unknown>, name: Name): void {
    const call = files[name] as Call;
    const slow: Call = async (...parameters) => {
      if (dice.happens(0.3)) await sleep(12);
      return call(...parameters);
    };
    mock.method(files as Record<string, Call>, name, slow);
  }

  const tools = (): AccountOptions => ({
    storage: { directory, name: 'account' },
    onWarning: ({ key }) => warned.push(key),
  });
  const settings = (): AccountSettings =>
    settingsFor(priced, { budget: 1000, perMinute: 0, history: 'disk', historyMegabytes: megabytes });
  const open = (): Account => openAccount('account', settings(), tools());

  /** How each request in the ledger stands. */
  async function readBooks(): Promise<unknown[]> {
    const lines = await readLedger(directory);
    return [...new Map(lines.map(({ id, at }) => [id, at])).values()];
  }

  it(`loses nothing and warns of nothing while accounts are tried, changed, removed and added (seed ${seed})`, async () => {
    let account = open();
    /** Images that were received, and those that the history has announced since it was last emptied. */
    let [received, announced] = [0, 0];
    const kept = new Set<string>();
    const underWay: Promise<unknown>[] = [];
    const cancels: AbortController[] = [];

    async function generate(from: Account): Promise<void> {
      const cancel = new AbortController();
      cancels.push(cancel);
      const request = { prompt: `fox ${dice.below(6)}`, images: [], extra: {} };
      const onKept = ({ id }: { id: string }): void => {
        announced += 1;
        kept.add(id);
      };
      const reuse = dice.happens(0.3) ? { reuse: 3600_000 } : { onKept };
      const made: Generation | undefined = await from
        .generate(request, { signal: cancel.signal, nodeId: 'node', ...reuse })
        .catch((error: unknown) => void assert.ok(error instanceof ImageError, String(error)));
      if (made && 'onKept' in reuse) received += 1;
    }

    const actions: [share: number, action: () => Promise<unknown> | void][] = [
      [50, () => generate(account)],
      [
        12,
        async () => {
          const draft = draftAccount('account', settings(), tools());
          await generate(draft);
          draft.close();
        },
      ],
      [
        8,
        () => {
          megabytes += 1;
          account = open();
        },
      ],
      [
        12,
        () => {
          closeAccount('account');
          account = open();
        },
      ],
      [4, () => cancels[dice.below(cancels.length)]?.abort(new ImageError('cancelled', 'cancelled'))],
      [8, () => account.history.clear().then(() => kept.clear())],
      [4, () => account.history.list({ limit: 20 })],
      [2, () => account.spending()],
    ];
    const bag = actions.flatMap(([share, action]) => Array.from({ length: share }, () => action));
    for (let step = 0; step < steps; step++) {
      underWay.push(Promise.resolve(dice.one(bag)()));
      await sleep(5);
    }
    await Promise.all(underWay);

    while (announced < received) await turn();
    for (const id of kept) assert.ok(await account.history.get(id), id);
    let books = await readBooks();
    while (books.includes('sent')) books = await readBooks();
    const paid = books.filter((at) => at === 'paid').length;
    const unknown = books.filter((at) => at === 'unknown').length;
    assert.ok(paid <= charged && charged <= paid + unknown, `${charged} were charged`);
    assert.deepEqual(warned, []);
  });
});

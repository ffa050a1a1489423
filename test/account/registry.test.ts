import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from '../../src/account/account.js';
import type { AccountSettings, AccountOptions } from '../../src/account/settings.js';
import { listDraftHistories } from '../../src/account/histories.js';
import { closeAccount, draftAccount, openAccount } from '../../src/account/registry.js';
import { turn } from '../helpers/clock.js';
import { temporaryFolder } from '../helpers/packed.js';
import {
  type PricedService,
  readLedger,
  startPricedService,
  requestImages,
  price,
  settingsFor,
} from '../helpers/priced-service.js';

describe('a draft account', () => {
  let folder: string;
  let count = 0;
  let directory: string;
  let priced: PricedService;
  let warned: string[];
  const drafts: Account[] = [];

  before(() => {
    folder = temporaryFolder();
  });

  beforeEach(async () => {
    directory = join(folder, String(++count));
    priced = await startPricedService();
    warned = [];
  });

  afterEach(() => {
    drafts.splice(0).forEach((draft) => draft.close());
    closeAccount('account');
  });

  const tools = (): AccountOptions => ({
    storage: { directory, name: 'account' },
    onWarning: ({ key }) => warned.push(key),
  });
  const open = (changes: Partial<AccountSettings> = {}): Account =>
    openAccount('account', settingsFor(priced, changes), tools());
  function draft(changes: Partial<AccountSettings> = {}): Account {
    const made = draftAccount('account', settingsFor(priced, changes), tools());
    drafts.push(made);
    return made;
  }
  const readMonth = async (account: Account): Promise<number> => (await account.spending()).month;

  it('shares the spending of the deployed account, and does not change its settings', async () => {
    const running = open({ budget: 2 * price });
    await requestImages(draft({ budget: 10 * price, model: 'secretive' }));
    assert.equal(await readMonth(running), price);
    await requestImages(running);
    await assert.rejects(requestImages(running), { code: 'budget_exceeded' });
    assert.deepEqual(
      (await readLedger(directory)).filter(({ at }) => at === 'sent').map(({ model }) => model),
      ['secretive', 'hidream'],
    );
  });

  it('counts what the deployed account has spent against its own budget', async () => {
    await requestImages(open());
    await assert.rejects(requestImages(draft({ budget: price })), { code: 'budget_exceeded' });
  });

  it('leaves the deployed account and its connections open when it is closed', async () => {
    const running = open();
    draft().close();
    await requestImages(running);
    assert.equal(await readMonth(running), price);
  });

  it('keeps a ledger of its own where no account runs, and the account that is deployed later reads it', async () => {
    const [one, other] = [draft(), draft()];
    await Promise.all([requestImages(one), requestImages(other)]);
    one.close();
    other.close();
    assert.equal(await readMonth(open()), 2 * price);
    assert.deepEqual(warned, []);
  });

  it('keeps its images for the account that is deployed later; of accounts never deployed, those of five', async () => {
    const one = draft();
    await requestImages(one);
    one.close();
    while ((await readLedger(directory)).length < 2) await turn();
    assert.equal((await listDraftHistories().get('account')!.list({ limit: 9 })).length, 1);
    assert.equal((await open().history.list({ limit: 9 })).length, 1);
    assert.equal(listDraftHistories().has('account'), false);
    for (let id = 0; id < 6; id++) draftAccount(`draft-${id}`, settingsFor(priced), {}).close();
    assert.deepEqual(
      [...listDraftHistories().keys()].slice(-5),
      [1, 2, 3, 4, 5].map((id) => `draft-${id}`),
    );
    for (let id = 0; id < 6; id++) closeAccount(`draft-${id}`);
  });

  it('shares its ledger with an account that is removed and deployed again meanwhile', async () => {
    open();
    let answer = (): void => undefined;
    priced.answer = () => new Promise((resolve) => (answer = () => resolve(undefined)));
    const tried = requestImages(draft());
    while (priced.prompts.length === 0) await turn();
    closeAccount('account');
    const again = open();
    assert.equal(await readMonth(again), price);
    answer();
    await tried;
    priced.answer = undefined;
    await requestImages(again);
    assert.equal(await readMonth(again), 2 * price);
    assert.deepEqual(warned, []);
  });

  it('tries a disk that has failed again for an account that is removed and deployed again', async () => {
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'ledger'), 'a file where the folder should be');
    await requestImages(open());
    assert.deepEqual(warned, ['ledger_in_memory']);
    closeAccount('account');
    await turn();
    await rm(join(directory, 'ledger'));
    await requestImages(open());
    assert.deepEqual(warned, ['ledger_in_memory']);
    assert.equal((await readLedger(directory, 'account')).length, 2);
  });

  it('is found on disk after a restart', async () => {
    const one = draft();
    await requestImages(one);
    while ((await readLedger(directory)).length < 2) await turn();
    one.close();
    closeAccount('account');
    assert.equal(await readMonth(open()), price);
    assert.deepEqual(warned, []);
  });

  it('knows whether its settings are those of the deployed account', () => {
    const running = open();
    assert.equal(running.has(settingsFor(priced)), true);
    for (const changes of [{ timeout: 1 }, { budget: 5 }, { apiKey: 'sk-nano-other' }])
      assert.equal(running.has(settingsFor(priced, changes)), false);
  });
});

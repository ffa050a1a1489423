import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { openAccount } from '../../../src/account/registry.js';
import { fixtureSettings } from '../../helpers/account-fixture.js';
import { ask, deploy, leave, makeAccount, makeNode } from '../../helpers/dialog.js';
import type { AnyMessage } from '../../helpers/flow.js';

describe('the history of all accounts in the editor', () => {
  before(() => helper.startServer());
  after(() => helper.stopServer());
  afterEach(leave);

  /** The deployed account, of the built-in service, having made so many images. */
  async function start(images: number): Promise<void> {
    await deploy({}, { account: { service: 'sandbox', baseUrl: '' } });
    const account = openAccount('account', { ...fixtureSettings, service: 'sandbox' }, {});
    for (let number = 0; number < images; number++)
      await account.generate(
        { prompt: `fox ${number}`, images: [], extra: {}, size: '64x64' },
        { signal: new AbortController().signal },
      );
  }

  const list = async (query: object = {}): Promise<AnyMessage> =>
    (await helper.request().get('/nanogpt-image/history').query(query)).body as AnyMessage;
  const prompts = ({ items }: AnyMessage): string[] => items.map(({ prompt }: AnyMessage) => prompt);

  it('comes in pages, the newest first, and says whether more follow', async () => {
    await start(30);
    const first = await list();
    assert.deepEqual([first.items.length, first.items[0].prompt], [24, 'fox 29']);
    const second = await list({ after: first.next });
    assert.deepEqual([...prompts(second), second.next], ['fox 5', 'fox 4', 'fox 3', 'fox 2', 'fox 1', 'fox 0', undefined]); // prettier-ignore
    assert.equal((await list({ limit: 30 })).items.length, 30);
  });

  it('is searched by prompt', async () => {
    await start(3);
    assert.deepEqual(prompts(await list({ search: ' FOX 1 ' })), ['fox 1']);
    assert.deepEqual(await list({ search: 'zebra' }), { items: [] });
  });

  it('holds what was tried with an account that is not deployed', async () => {
    await start(1);
    const body = { account: makeAccount({ service: 'sandbox' }, 'new'), node: makeNode({ size: '64x64' }) };
    await ask('nanogpt-image/try', { ...body, sample: { payload: 'a try' } });
    const { items } = await list();
    assert.deepEqual(
      items.map(({ account, prompt }: AnyMessage) => [account, prompt]),
      [
        ['new', 'a try'],
        ['account', 'fox 0'],
      ],
    );
    const { body: item } = await helper.request().get(`/nanogpt-image/history/${items[0].id}`);
    assert.deepEqual([item.account, item.prompt], ['new', 'a try']);
  });
});

import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { apiKey } from '../../helpers/flow.js';
import type { Seen, TestService } from '../../helpers/service.js';
import { list } from '../../helpers/priced-service.js';
import { makeAccount, ask, deploy, leave } from '../../helpers/dialog.js';

const good = ({ method, headers }: Seen): { status?: number; body: unknown } => {
  if (method === 'GET') return { body: list };
  return headers['x-api-key'] === apiKey
    ? { body: { usd_balance: '12.5', nanoDepositAddress: 'nano_secret' } }
    : { status: 401, body: { error: 'Invalid key' } };
};

describe('the check of an account', () => {
  before(() => helper.startServer());
  after(() => helper.stopServer());
  afterEach(leave);

  async function check(account: object, more: object = {}): Promise<Record<string, any>> {
    const { milliseconds, ...found } = await ask('nanogpt-config/check', { account, ...more });
    assert.ok(Number.isInteger(milliseconds) && milliseconds >= 0);
    return found;
  }

  it('tells the balance, the number of models and the time it took', async () => {
    const { account } = await deploy(good);
    assert.deepEqual(await check(account), { models: 3, balance: { amount: 12.5, currency: 'USD' } });
  });

  it('works for an account that is not deployed, with the key that was typed', async () => {
    const { account, service } = await deploy(good, { credentials: {} });
    assert.deepEqual(await check({ ...account, id: 'new' }, { apiKey: ` ${apiKey} ` }), {
      models: 3,
      balance: { amount: 12.5, currency: 'USD' },
    });
    assert.equal(service.seen.length, 2);
  });

  it('asks the service every time', async () => {
    const { account, service } = await deploy(good);
    for (let count = 0; count < 2; count++) await check(account);
    assert.equal(service.seen.length, 4);
  });

  it('says that a key is not accepted', async () => {
    const { account } = await deploy(good);
    const { problem } = await check(account, { apiKey: 'sk-nano-wrong' });
    assert.deepEqual(
      [problem.key, problem.params.detail, problem.code, problem.charged],
      ['unauthorized', 'Invalid key', 'unauthorized', 'no'],
    );
  });

  it('says that no server answers', async () => {
    const { account, service } = await deploy(good);
    await service.close();
    assert.equal((await check(account)).problem.key, 'unreachable');
  });

  const faults: [what: string, reply: TestService['reply'], key: string][] = [
    ['a service that fails', { status: 500 }, 'not_answered'],
    ['a page', { body: '<html>' }, 'answer_not_json'],
    ['an answer without a balance', (seen) => (seen.method === 'GET' ? { body: list } : { body: {} }), 'no_balance'],
    ['another address', { status: 302, headers: { location: 'https://elsewhere.example' } }, 'wrong_address'],
    ['a cut', (_, response) => void response.socket?.destroy(), 'not_answered'],
  ];
  for (const [what, reply, key] of faults) {
    it(`calls ${what} a problem`, async () =>
      assert.equal((await check((await deploy(reply)).account)).problem.key, key));
  }

  for (const service of ['openai', 'compatible']) {
    it(`proves the key of ${service} by the list of models`, async () => {
      const { account } = await deploy(
        ({ headers }) =>
          headers.authorization === `Bearer ${apiKey}` ? { body: { data: [{ id: 'sd' }] } } : { status: 401 },
        { account: { service } },
      );
      assert.deepEqual(await check(account), { models: 1 });
      assert.equal((await check(account, { apiKey: 'other' })).problem.key, 'unauthorized');
    });
  }

  it('works for the built-in service without anything', async () => {
    await deploy();
    assert.deepEqual(await check(makeAccount({ service: 'sandbox' }, 'new')), {
      models: 4,
      balance: { amount: 1000, currency: 'USD' },
    });
  });
});

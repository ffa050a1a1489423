import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { apiKey } from '../../helpers/flow.js';
import { type Seen, type TestService, startService } from '../../helpers/service.js';
import { makeAccount, ask, deploy, leave, makeNode } from '../../helpers/dialog.js';

const open = { body: { data: [{ id: 'sd' }], usd_balance: '1' } };

/** The keys that a service was shown, in either header. */
function keysIn(seen: Seen[]): (string | undefined)[] {
  return seen.map(({ headers }) => headers['x-api-key']?.toString() ?? headers.authorization?.replace('Bearer ', ''));
}

describe('the key that a route uses', () => {
  const variable = 'NANOGPT_KEY_OF_THE_TEST';
  let elsewhere: TestService;

  before(() => helper.startServer());
  after(() => helper.stopServer());
  beforeEach(async () => {
    process.env[variable] = 'sk-nano-from-the-environment';
    elsewhere = await startService(open);
  });
  afterEach(async () => {
    delete process.env[variable];
    await leave();
  });

  const paths = ['nanogpt-config/models', 'nanogpt-config/check', 'nanogpt-image/try'];
  const trial = { node: makeNode(), sample: { payload: 'a fox' } };
  const readProblem = async (path: string, body: object): Promise<string | undefined> =>
    (await ask(path, { ...trial, ...body })).problem?.key as string | undefined;

  it('is the stored one where service and base URL are those that are deployed, whatever else is changed', async () => {
    const { account, service } = await deploy(open, { account: { service: 'compatible' } });
    for (const path of paths)
      await ask(path, {
        account: { ...account, baseUrl: ` ${service.url} `, timeout: '9', model: 'other', edits: 'multipart' },
        ...trial,
      });
    assert.deepEqual(keysIn(service.seen), [apiKey, apiKey, apiKey]);
  });

  const changes: [what: string, change: (account: object) => object][] = [
    ['another address', (account) => ({ ...account, baseUrl: elsewhere.url })],
    ['another path', (account) => ({ ...account, baseUrl: `${elsewhere.url}/v2` })],
    ['another service', (account) => ({ ...account, service: 'openai' })],
    ['the address of the service itself', (account) => ({ ...account, service: 'openai', baseUrl: '' })],
  ];
  for (const [what, change] of changes) {
    it(`is never the stored one at ${what}: it must be typed again`, async () => {
      const { account, service } = await deploy(open, { account: { service: 'compatible' } });
      for (const path of paths) assert.equal(await readProblem(path, { account: change(account) }), 'key_again');
      assert.deepEqual([elsewhere.seen.length, service.seen.length], [0, 0]);
    });
  }

  it('is the one that was typed, at any address', async () => {
    const { account, service } = await deploy(open, { account: { service: 'compatible' } });
    for (const path of paths)
      await ask(path, { account: { ...account, baseUrl: elsewhere.url }, apiKey: 'sk-nano-typed', ...trial });
    assert.deepEqual(
      [keysIn(elsewhere.seen), service.seen.length],
      [['sk-nano-typed', 'sk-nano-typed', 'sk-nano-typed'], 0],
    );
  });

  it('is none where it was cleared', async () => {
    const { account } = await deploy(open, { account: { service: 'compatible' } });
    for (const path of paths)
      await ask(path, { account: { ...account, baseUrl: elsewhere.url }, apiKey: '', ...trial });
    assert.deepEqual(keysIn(elsewhere.seen), [undefined, undefined, undefined]);
    assert.equal(
      await readProblem('nanogpt-config/check', { account: { ...account, service: 'nanogpt' }, apiKey: '' }),
      'no_key',
    );
  });

  it('is the stored one where the editor sends its stars', async () => {
    const { account, service } = await deploy(open, { account: { service: 'compatible' } });
    await ask('nanogpt-config/check', { account, apiKey: '__PWRD__' });
    assert.deepEqual(keysIn(service.seen), [apiKey]);
    assert.equal(
      await readProblem('nanogpt-config/check', {
        account: { ...account, baseUrl: elsewhere.url },
        apiKey: '__PWRD__',
      }),
      'key_again',
    );
  });

  it('is not asked for again where none is stored', async () => {
    const { account } = await deploy(open, { account: { service: 'compatible' }, credentials: {} });
    assert.equal(
      await readProblem('nanogpt-config/check', { account: { ...account, baseUrl: elsewhere.url } }),
      undefined,
    );
    assert.equal(
      await readProblem('nanogpt-config/check', { account: { ...account, service: 'nanogpt', id: 'new' } }),
      'no_key',
    );
  });

  it('is not asked for again by the built-in service', async () => {
    const { account } = await deploy(open);
    assert.equal(
      await readProblem('nanogpt-config/check', { account: { ...account, service: 'sandbox', baseUrl: '' } }),
      undefined,
    );
  });

  it('does not matter to a description, nor to NanoGPT’s list', async () => {
    const { account } = await deploy(open);
    for (const path of ['nanogpt-image/dry-run', 'nanogpt-config/models'])
      assert.equal(await readProblem(path, { account: { ...account, baseUrl: elsewhere.url } }), undefined);
    assert.deepEqual(keysIn(elsewhere.seen), [undefined]);
  });

  describe('as a variable', () => {
    it('is filled in as Node-RED does for the deployed account', async () => {
      const { account, service } = await deploy(open, {
        account: { service: 'compatible' },
        credentials: { apiKey: `\${${variable}}` },
      });
      await ask('nanogpt-config/check', { account });
      await ask('nanogpt-config/check', { account, apiKey: `\${${variable}}` });
      await ask('nanogpt-config/check', { account: { ...account, timeout: 9 }, apiKey: `$(${variable})` });
      assert.deepEqual(keysIn(service.seen), Array(3).fill('sk-nano-from-the-environment'));
    });

    for (const id of ['account', 'new']) {
      it(`goes to no address that is not deployed (${id})`, async () => {
        const { account } = await deploy(open, { account: { service: 'compatible' } });
        for (const path of paths) {
          const { problem } = await ask(path, {
            account: { ...account, id, baseUrl: elsewhere.url },
            apiKey: `\${${variable}}`,
            ...trial,
          });
          assert.deepEqual([problem.key, problem.params], ['key_variable_elsewhere', { variable: `\${${variable}}` }]);
        }
        assert.equal(elsewhere.seen.length, 0);
      });
    }

    it('goes to the service’s own address', async () => {
      await deploy(open);
      // An unset name shows that it was looked up: nothing is sent.
      const account = makeAccount({ service: 'openai' }, 'new');
      assert.equal(
        await readProblem('nanogpt-config/check', { account, apiKey: '${NOT_SET_ANYWHERE}' }),
        'key_variable_unset',
      );
      // So does a key that cannot be sent.
      process.env[variable] = 'sk-nano-mgmt-1';
      assert.equal(await readProblem('nanogpt-config/check', { account, apiKey: `\${${variable}}` }), 'management_key');
    });
  });
});

import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { apiKey } from '../../helpers/flow.js';
import type { Reply, Seen } from '../../helpers/service.js';
import { list } from '../../helpers/priced-service.js';
import { makeAccount, ask, deploy, leave } from '../../helpers/dialog.js';

const pricedService = ({ method }: Seen): Reply => (method === 'GET' ? { body: list } : { status: 404 });
const nothing = { hour: 0, day: 0, month: 0, unknown: 0, inMemory: true };

describe('the model list of an account', () => {
  before(() => helper.startServer());
  after(() => helper.stopServer());
  afterEach(leave);

  const idsIn = (answer: { models: { id: string }[] }): string[] => answer.models.map(({ id }) => id);
  const listModels = async (body: object): Promise<{ models: { id: string }[] }> =>
    (await ask('nanogpt-config/models', body)) as never;

  it('holds the models with their prices, the default model and what was spent', async () => {
    const { account } = await deploy(pricedService);
    const { models, ...rest } = await ask('nanogpt-config/models', { account });
    const [pricing] = list.data.map((entry) => entry.pricing);
    assert.deepEqual(models[0], {
      id: 'hidream',
      name: 'HiDream',
      abilities: [],
      sizes: [],
      price: 0.1,
      currency: 'USD',
      pricing,
      parameters: {},
    });
    assert.deepEqual(rest, { defaultModel: 'hidream', spending: nothing });
  });

  it('is asked for once a day where the account is deployed', async () => {
    const { account, service } = await deploy(pricedService);
    for (let count = 0; count < 3; count++) await ask('nanogpt-config/models', { account });
    assert.equal(service.seen.length, 1);
  });

  for (const id of ['account', 'new']) {
    it(`of NanoGPT shows no key where the account is ${id === 'new' ? 'not deployed' : 'deployed'}`, async () => {
      const { account, service } = await deploy(pricedService);
      assert.equal(idsIn(await listModels({ account: { ...account, id }, apiKey })).length, 3);
      const { headers, path } = service.seen[0]!;
      assert.deepEqual(
        [path, headers.authorization, headers['x-api-key']],
        ['/api/v1/image-models?detailed=true', undefined, undefined],
      );
    });
  }

  it('of NanoGPT needs no key, deployed or not', async () => {
    const { account } = await deploy(pricedService, { credentials: {} });
    for (const id of ['account', 'new'])
      assert.equal(idsIn(await listModels({ account: { ...account, id } })).length, 3);
  });

  const pages: Record<string, unknown> = {
    '/api/v1/image-models?detailed=true': list,
    '/api/v1/images/models': { data: [{ id: 'hidream', endpoints: '/api/v1/images/models/hidream/endpoints' }] },
    '/api/v1/images/models/hidream/endpoints': {
      id: 'hidream',
      endpoints: [{ pricing: [{ billable: 'output_image', unit: 'image', cost_usd: 0.02, resolution: '512x512' }] }],
    },
    '/api/subscription/v1/image-models': { data: [{ id: 'hidream' }] },
    '/api/subscription/v1/usage': { active: true, dailyImages: { used: 2, remaining: 98, resetAt: 1738540800000 } },
  };
  const subscribed = ({ path }: Seen): Reply => (path in pages ? { body: pages[path] } : { status: 404 });

  it('says which models a subscription includes and what is left of it', async () => {
    const { account, service } = await deploy(subscribed, { hasAllLists: true });
    const answer = await ask('nanogpt-config/models', { account });
    assert.deepEqual(
      answer.models.filter(({ included }: { included?: true }) => included).map(({ id }: { id: string }) => id),
      ['hidream'],
    );
    assert.deepEqual([answer.subscription.dailyImages.used, answer.subscription.dailyImages.remaining], [2, 98]);
    const usage = service.seen.find(({ path }) => path.endsWith('/usage'));
    assert.equal(usage?.headers.authorization, `Bearer ${apiKey}`);
  });

  it('asks for no usage where all is paid from the balance', async () => {
    const { account, service } = await deploy(subscribed, { hasAllLists: true, account: { billing: 'paygo' } });
    assert.equal((await ask('nanogpt-config/models', { account })).subscription, undefined);
    assert.ok(!service.seen.some(({ path }) => path.endsWith('/usage')));
  });

  it('tells all that is known of one model', async () => {
    const { account } = await deploy(subscribed, { hasAllLists: true });
    const { model, ...rest } = await ask('nanogpt-config/models', { account, model: 'hidream' });
    assert.deepEqual([model.pricing.per_image, rest], [{ '512x512': 0.02 }, {}]);
    assert.deepEqual(await ask('nanogpt-config/models', { account, model: 'unheard-of' }), {});
  });

  it('of another server is asked for with the key', async () => {
    for (const service of ['openai', 'compatible']) {
      const { account, ...flow } = await deploy({ body: { data: [{ id: 'sd' }] } }, { account: { service } });
      assert.deepEqual(await ask('nanogpt-config/models', { account }), {
        models: [{ id: 'sd', name: 'sd', abilities: [], sizes: [], parameters: {} }],
        defaultModel: '',
        spending: nothing,
      });
      assert.equal(flow.service.seen[0]!.headers.authorization, `Bearer ${apiKey}`);
      await leave();
    }
  });

  it('of the built-in service names the model that it paints with', async () => {
    await deploy();
    const answer = await ask('nanogpt-config/models', { account: makeAccount({ service: 'sandbox' }, 'new') });
    assert.equal(answer.defaultModel, idsIn(answer as never)[0]);
    assert.equal(answer.problem, undefined);
  });

  it('is the last known one when the service stops answering', async () => {
    const { account, service } = await deploy(pricedService);
    await ask('nanogpt-config/models', { account });
    await service.close();
    assert.equal(idsIn(await listModels({ account })).length, 3);
  });

  it('is empty when the service does not answer, and says why', async () => {
    const { account, service } = await deploy(pricedService);
    await service.close();
    const { models, spending, problem } = await ask('nanogpt-config/models', { account });
    const { host } = new URL(service.url);
    const message = `No connection to ${host} could be made: check the network and the base URL of the account.`;
    assert.deepEqual(
      [models, spending, problem],
      [[], nothing, { key: 'unreachable', params: { host }, message, code: 'unreachable', charged: 'no' }],
    );
  });

  it('is empty where the service has no such list', async () => {
    const { account } = await deploy({ status: 404, body: '<html>' });
    const { models, problem } = await ask('nanogpt-config/models', { account });
    assert.deepEqual([models, problem.key], [[], 'wrong_address']);
  });

  it('says what is wrong with the settings', async () => {
    const { account } = await deploy(pricedService);
    const problems: [object, string][] = [
      [{ service: 'compatible', baseUrl: '' }, 'no_base_url'],
      [{ baseUrl: 'ftp://host' }, 'bad_base_url'],
      [{ timeout: 'long' }, 'bad_setting'],
      [{ service: 'elsewhere' }, 'bad_setting_choice'],
      [{ service: 'openai' }, 'no_key'],
    ];
    for (const [changes, key] of problems) {
      const { models, defaultModel, problem } = await ask('nanogpt-config/models', {
        account: { ...account, ...changes, id: 'new' },
      });
      assert.deepEqual([models, defaultModel, problem.key], [[], '', key]);
    }
  });

  it('leaves the settings that run as they are', async () => {
    const { account, send, service } = await deploy(
      (seen) => (seen.method === 'GET' ? pricedService(seen) : { status: 400, body: { error: 'no' } }),
      { account: { model: 'deployed' } },
    );
    await ask('nanogpt-config/models', { account: { ...account, model: 'posted', timeout: 7 } });
    await send({ payload: 'a fox' });
    assert.equal(service.seen.at(-1)!.json.model, 'deployed');
  });
});

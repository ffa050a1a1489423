import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { ask, deploy, leave } from '../../helpers/dialog.js';
import type { AnyMessage } from '../../helpers/flow.js';

const day = new Date(Date.now() + 5 * 24 * 3600_000).toISOString().slice(0, 10);
const models = [{ id: 'gpt-image-1.5', shutdown_date: day }, { id: 'gpt-image-2' }];

describe('the models of a flow that are about to end', () => {
  before(() => helper.startServer());
  after(() => helper.stopServer());
  afterEach(leave);

  const ending = async (): Promise<AnyMessage[]> =>
    (await helper.request().get('/nanogpt-image/ending-models')).body.ending as AnyMessage[];

  const rows: [what: string, account: AnyMessage, node: AnyMessage, isNamed: boolean][] = [
    ['of the node', {}, { model: 'gpt-image-1.5' }, true],
    ['of the account', { model: ' gpt-image-1.5 ' }, {}, true],
    ['that stays', {}, { model: 'gpt-image-2' }, false],
    ['that a message names', {}, { model: 'gpt-image-1.5', modelType: 'msg' }, false],
    ['that the service does not list', {}, { model: 'my/own' }, false],
  ];
  for (const [what, settings, node, isNamed] of rows)
    it(`are ${isNamed ? 'named with the node' : 'none'} for a model ${what}, and no service is asked`, async () => {
      const { account, service } = await deploy(
        { body: { data: models } },
        { account: { service: 'openai', ...settings }, node },
      );
      await ask('nanogpt-config/models', { account });
      service.seen.splice(0);
      assert.deepEqual(await ending(), isNamed ? [{ model: 'gpt-image-1.5', day, nodes: ['node'] }] : []);
      assert.equal(service.seen.length, 0);
    });

  it('are none while the service has listed nothing, or where the account is not set up', async () => {
    await deploy({}, { account: { service: 'openai', model: 'gpt-image-1.5' } });
    assert.deepEqual(await ending(), []);
    await leave();
    await deploy({}, { account: { service: 'openai' }, credentials: {}, node: { model: 'gpt-image-1.5' } });
    assert.deepEqual(await ending(), []);
  });
});

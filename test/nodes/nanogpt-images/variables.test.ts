import assert from 'node:assert/strict';
import type { NodeAPI } from 'node-red';
import helper from 'node-red-node-test-helper';
import { variablesAt } from '../../../nodes/nanogpt-images/routes/variables.js';
import { type AnyMessage } from '../../helpers/flow.js';
import { type DeployedFlow, makeAccount, ask, deploy, leave, makeNode } from '../../helpers/dialog.js';

const at = { x: 100, y: 100 };
const env = (value: string): AnyMessage[] => [{ name: 'PLACE', type: 'str', value }];

describe('a variable in a setting', () => {
  before(() => helper.startServer());
  after(() => helper.stopServer());
  beforeEach(() => {
    process.env.PLACE = 'the environment';
  });
  afterEach(async () => {
    delete process.env.PLACE;
    await leave();
  });

  /** A flow with a second tab that has variables of its own, and with variables for all flows. */
  function start(more: AnyMessage[] = []): Promise<DeployedFlow> {
    const tab = [
      { id: 'tab2', type: 'tab', label: 'second', env: env('the tab') },
      { id: 'there', type: 'helper', z: 'tab2', ...at },
    ];
    return deploy({}, { more: [...tab, ...more], core: ['common/91-global-config'] });
  }
  const everywhere = { id: 'all', type: 'global-config', env: env('all flows') };

  /** What is sent for a field of the node that holds the variable. */
  async function sentFor(account: AnyMessage, node: AnyMessage): Promise<unknown> {
    const { request } = await ask('nanogpt-image/dry-run', {
      account,
      node: makeNode({ size: '${PLACE}', ...node }, node.id ?? 'fresh'),
      sample: { payload: 'a fox' },
    });
    return request.body.size;
  }

  it('is filled in from the environment', async () => {
    assert.equal(await sentFor((await start()).account, {}), 'the environment');
  });

  it('is filled in from the tab where the node will be', async () => {
    assert.equal(await sentFor((await start([everywhere])).account, { z: 'tab2' }), 'the tab');
  });

  it('is filled in from what all flows have', async () => {
    const { account } = await start([everywhere]);
    const { request } = await ask('nanogpt-image/dry-run', {
      account: { ...account, id: 'new', model: '${PLACE}' },
      node: makeNode(),
      sample: { payload: 'a fox' },
    });
    assert.equal(request.body.model, 'all flows');
  });

  it('is filled in where the node is deployed', async () => {
    const { account } = await start([
      { id: 'moved', type: 'nanogpt-image', account: 'account', z: 'tab2', wires: [[]], ...at },
    ]);
    assert.equal(await sentFor(account, { id: 'moved' }), 'the tab');
  });

  it('stays where it stands in other text, or has no value', async () => {
    const { account } = await start();
    assert.equal(await sentFor(account, { size: 'x${PLACE}' }), 'x${PLACE}');
    assert.equal(await sentFor(account, { size: '${NOT_SET_ANYWHERE}' }), '${NOT_SET_ANYWHERE}');
  });

  it('reads as a field of the type env, and in JSONata and tags, as it would at run time', async () => {
    const { account } = await start();
    for (const [prompt, promptType] of [
      ['PLACE', 'env'],
      ['$env("PLACE")', 'jsonata'],
      ['{{env.PLACE}}', 'str'],
    ] as const) {
      const { request } = await ask('nanogpt-image/dry-run', {
        account,
        node: makeNode({ prompt, promptType, z: 'tab2' }, 'fresh'),
        sample: {},
      });
      assert.equal(request.body.prompt, 'the tab');
    }
  });

  it('may be an address, a number and a switch of the account', async () => {
    Object.assign(process.env, { ADDRESS_HERE: 'http://127.0.0.1:8484', SECONDS_HERE: '20', FLAG_HERE: 'true' });
    await start();
    const settings = {
      service: 'compatible',
      baseUrl: '${ADDRESS_HERE}',
      timeout: '${SECONDS_HERE}',
      retryUnknown: '${FLAG_HERE}',
    };
    const { request } = await ask('nanogpt-image/dry-run', {
      account: makeAccount(settings, 'new'),
      node: makeNode(),
      sample: { payload: 'a fox' },
    });
    assert.equal(request.url, 'http://127.0.0.1:8484/v1/images/generations');
    for (const name of ['ADDRESS_HERE', 'SECONDS_HERE', 'FLAG_HERE']) delete process.env[name];
  });

  it('is one that Node-RED may look at', () => {
    const RED = {
      nodes: { getNode: () => null, eachNode: () => undefined },
      settings: { envVarExcludes: ['SECRET_HERE'] },
    } as unknown as NodeAPI;
    process.env.SECRET_HERE = 'secret';
    const variables = variablesAt(RED, { id: 'fresh' });
    assert.deepEqual([variables('PLACE'), variables('SECRET_HERE')], ['the environment', undefined]);
    delete process.env.SECRET_HERE;
  });
});

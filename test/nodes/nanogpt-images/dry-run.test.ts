import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import type { AnyMessage } from '../../helpers/flow.js';
import { contextStores, type ContextStores } from '../../helpers/context.js';
import { answer, dataUrl, mask, image } from '../../helpers/images.js';
import { startService } from '../../helpers/service.js';
import { ask, deploy, leave, makeNode } from '../../helpers/dialog.js';

const short = 'data:image/png;base64,… (0.1 kB)';

describe('the description of a request', () => {
  let contexts: ContextStores;
  before(() => helper.startServer());
  after(() => helper.stopServer());
  beforeEach(async () => {
    contexts = await contextStores();
  });
  afterEach(async () => {
    await leave();
    await contexts.remove();
  });

  /** What the node would send, with the account as it is deployed. */
  async function describeFor(node: AnyMessage, sample: AnyMessage, id = 'node'): Promise<AnyMessage> {
    const { account, service } = await deploy();
    const found = await ask('nanogpt-image/dry-run', { account, node: makeNode(node, id), sample });
    assert.equal(service.seen.length, 0);
    return { ...found, url: service.url };
  }

  it('is what the service would get, and the service gets nothing', async () => {
    const { request, url } = await describeFor(
      { size: '64x64', count: '2', parameters: '{"style":"vivid"}' },
      { payload: 'a red fox', topic: 'x' },
    );
    assert.deepEqual(request, {
      method: 'POST',
      url: `${url}/v1/images/generations`,
      body: { style: 'vivid', prompt: 'a red fox', n: 2, size: '64x64' },
    });
  });

  it('is exactly what a message makes the node send', async () => {
    const png = await image();
    const settings = {
      prompt: 'a {{topic}} at {{place.name}}',
      promptType: 'str',
      seed: 'number',
      seedType: 'msg',
      kontextMaxMode: 'true',
    };
    const sample = {
      payload: dataUrl(png),
      topic: 'fox',
      'place.name': 'night',
      number: 7,
      mask: dataUrl(await mask()),
    };
    const { account, service, send } = await deploy(answer([png]), { node: settings });
    const { request } = await ask('nanogpt-image/dry-run', { account, node: makeNode(settings), sample });
    const { 'place.name': name, ...message } = sample;
    await send({ ...message, place: { name } });
    const { imageDataUrl, maskDataUrl, ...sent } = service.seen[0]!.json;
    assert.deepEqual(request.body, { ...sent, imageDataUrl: short, maskDataUrl: short });
    assert.ok(imageDataUrl === dataUrl(png) && typeof maskDataUrl === 'string');
  });

  it('has images that are named by their addresses', async () => {
    const camera = await startService({ body: await image() });
    const { account } = await deploy({}, { account: { imageUrls: 'any' } });
    const { request } = await ask('nanogpt-image/dry-run', {
      account,
      node: makeNode({ image: 'url' }),
      sample: { payload: 'a fox', url: `${camera.url}/fox.png` },
    });
    assert.equal(request.body.imageDataUrl, short);
    const { problem } = await ask('nanogpt-image/dry-run', {
      account: { ...account, imageUrls: 'never' },
      node: makeNode({ image: 'url' }),
      sample: { payload: 'a fox', url: camera.url },
    });
    assert.equal(problem.key, 'addresses_not_taken');
  });

  it('says what cannot become a request, in words that can be translated', async () => {
    const { problem, request } = await describeFor({ count: '0' }, { payload: 'a fox' });
    const { key, code, charged, message, params } = problem;
    assert.deepEqual(
      [request, key, code, charged, params.field],
      [undefined, 'bad_whole_number', 'invalid_input', 'no', 'count'],
    );
    assert.equal(message, 'count must be a whole number from 1, but is “0”.');
  });

  it('needs a prompt', async () => assert.equal((await describeFor({}, {})).problem.key, 'no_prompt'));

  describe('of a field that reads a context', () => {
    const reads: [type: string, value: string][] = [
      ['flow', 'place'],
      ['global', 'place'],
      ['jsonata', '$flowContext("place")'],
      ['jsonata', '$globalContext("place")'],
      ['str', '{{flow.place}}'],
      ['str', '{{global.place}}'],
    ];

    /** Both contexts hold where they are. */
    async function fill(id: string): Promise<void> {
      const context = (
        helper.getNode(id) as unknown as {
          context(): Record<string, { set(key: string, value: string, done: () => void): void }>;
        }
      ).context();
      for (const name of ['flow', 'global'])
        await new Promise<void>((resolve) => context[name]!.set('place', `in ${name}`, resolve));
    }

    for (const [promptType, prompt] of reads) {
      const name = /flow/.test(promptType + prompt) ? 'flow' : 'global';

      it(`takes it from the deployed node: ${promptType} ${prompt}`, async () => {
        const { account } = await deploy();
        await fill('node');
        const { request } = await ask('nanogpt-image/dry-run', {
          account: { ...account, id: 'new' },
          node: makeNode({ prompt, promptType }),
          sample: {},
        });
        assert.equal(request.body.prompt, `in ${name}`);
      });

      it(`asks to deploy first${name === 'global' ? ', unless the account is deployed' : ''}: ${promptType} ${prompt}`, async () => {
        const { account } = await deploy();
        await fill('node');
        const node = makeNode({ prompt, promptType }, 'fresh');
        const { problem } = await ask('nanogpt-image/dry-run', {
          account: { ...account, id: 'new' },
          node,
          sample: {},
        });
        assert.deepEqual(
          [problem.key, problem.params.field, problem.code],
          ['deploy_first', `${name}.place`, 'invalid_input'],
        );
        const known = await ask('nanogpt-image/dry-run', { account, node, sample: {} });
        assert.equal(known.problem?.key ?? known.request.body.prompt, name === 'flow' ? 'deploy_first' : 'in global');
      });
    }

    it('reads messages and JSONata without contexts where nothing is deployed', async () => {
      const { account } = await deploy();
      const node = makeNode(
        {
          prompt: '$uppercase(payload)',
          promptType: 'jsonata',
          image: 'none',
          size: 'size',
          sizeType: 'msg',
          z: 'gone',
        },
        'fresh',
      );
      const { request } = await ask('nanogpt-image/dry-run', {
        account: { ...account, id: 'new' },
        node,
        sample: { payload: 'a fox', size: '64x64' },
      });
      assert.deepEqual(request.body, { prompt: 'A FOX', size: '64x64' });
    });
  });
});

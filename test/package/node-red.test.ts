import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FlowNode, type RunningNodeRed, startNodeRed } from '../helpers/node-red.js';

interface NodeSet {
  module: string;
  types: string[];
  enabled: boolean;
  err?: string;
}

const name = '@flow-easel/node-red-nanogpt';
const types = ['nanogpt-cluster', 'nanogpt-config', 'nanogpt-image', 'nanogpt-info'];

describe('the package in a real Node-RED', function () {
  let nodeRed: RunningNodeRed;
  before(async () => {
    nodeRed = await startNodeRed();
  });
  after(() => nodeRed?.stop());

  it('loads all node types without error', async () => {
    const sets = ((await (await nodeRed.get('/nodes')).json()) as NodeSet[]).filter((set) => set.module === name);
    assert.deepEqual(sets.flatMap((set) => set.types).sort(), types);
    for (const set of sets) {
      assert.equal(set.err, undefined);
      assert.equal(set.enabled, true);
    }
  });

  it('says nothing in the log', () => {
    const remarks = /Projects disabled|Encrypted credentials not found/;
    const lines = nodeRed.log().split('\n');
    assert.deepEqual(
      lines.filter(
        (line) => /\[(warn|error)\]|nanogpt/i.test(line.replace(nodeRed.userDir, '')) && !remarks.test(line),
      ),
      [],
    );
  });

  it('gives the editor its icons and texts', async () => {
    const icons = (await (await nodeRed.get('/icons')).json()) as Record<string, string[]>;
    assert.deepEqual(icons[name]?.sort(), ['nanogpt-image.svg', 'nanogpt-info.svg']);
    const texts = (await (await nodeRed.get('/nodes/messages?lng=en-US')).json()) as Record<string, unknown>;
    for (const type of types) assert.ok(texts[`${name}/${type}`], type);
  });

  it('runs the first example, imported from the library of examples', async () => {
    const path = encodeURI(`/library/examples/flows/${name}/01 - An image from a prompt`);
    const flow = (await (await nodeRed.get(path)).json()) as FlowNode[];
    await nodeRed.deploy(flow);
    const inject = flow.find((node) => node.type === 'inject');
    const { status } = await nodeRed.post(`/inject/${inject?.id}`);
    assert.equal(status, 200);
    const [, file = ''] = await nodeRed.logged(/\[debug:saved as\] (.+)/, 20_000);
    const image = await readFile(join(nodeRed.userDir, file));
    assert.equal(image.toString('latin1', 1, 4), 'PNG');
    assert.ok(image.readUInt32BE(16) >= 256, 'the width in its header');
  });

  it('says what went wrong in sentences of its catalogue', async () => {
    const at = { z: 'tab', x: 100, y: 100 };
    const tell =
      "node.warn('caught ' + JSON.stringify({ code: msg.error.code, message: msg.error.message, failure: msg.failure }));";
    await nodeRed.deploy([
      { id: 'tab', type: 'tab', label: 'tab' },
      { id: 'account', type: 'nanogpt-config', service: 'nanogpt' },
      {
        id: 'press',
        type: 'inject',
        props: [{ p: 'payload' }],
        payload: 'a fox',
        payloadType: 'str',
        wires: [['image']],
        ...at,
      },
      { id: 'image', type: 'nanogpt-image', account: 'account', wires: [[]], ...at },
      { id: 'catch', type: 'catch', scope: ['image'], wires: [['tell']], ...at },
      { id: 'tell', type: 'function', func: tell, wires: [[]], ...at },
    ]);
    await nodeRed.post('/inject/press');
    const [, caught = ''] = await nodeRed.logged(/caught (\{.*\})/);
    assert.deepEqual(JSON.parse(caught), {
      code: 'not_configured',
      message: 'The account has no API key: open the account and paste the key.',
      failure: { code: 'not_configured', charged: 'no', retryable: false, hint: 'Open the account and complete it.' },
    });
  });
});

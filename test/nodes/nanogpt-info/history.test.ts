import assert from 'node:assert/strict';
import { openAccount } from '../../../src/account/registry.js';
import { fixtureSettings } from '../../helpers/account-fixture.js';
import { type AnyMessage, loadFlow, type TestFlow, unload } from '../../helpers/flow.js';

describe('nanogpt-info asks for the history', () => {
  afterEach(unload);

  /** A flow that asks for the history, whose account has made three images. */
  async function start(node: AnyMessage = {}): Promise<TestFlow> {
    const flow = await loadFlow({ type: 'nanogpt-info', node: { ask: 'history', ...node } });
    const account = openAccount('account', { ...fixtureSettings, service: 'sandbox' }, {});
    for (const prompt of ['one', 'two', 'three'])
      await account.generate(
        { prompt, images: [], extra: {}, size: '64x64' },
        { signal: new AbortController().signal },
      );
    return flow;
  }

  it('and gives the newest images, a message each', async () => {
    const flow = await start({ limit: '2' });
    const { out } = await flow.send({ topic: 't' });
    assert.deepEqual(
      out.map(({ topic, generation, parts }) => [topic, generation.prompt, parts.index, parts.count]),
      [
        ['t', 'three', 0, 2],
        ['t', 'two', 1, 2],
      ],
    );
    assert.ok(Buffer.isBuffer(out[0]?.payload));
    assert.equal(out[0]?.payload.length, out[0]?.imageInfo.bytes);
    assert.deepEqual([out[0]?.imageInfo.width, out[0]?.generation.mode], [64, 'text-to-image']);
  });

  it('and gives a list where only that is wanted', async () => {
    const { out } = await (await start({ listOnly: true })).send({});
    assert.deepEqual(
      [out.length, out[0]?.payload.map((item: AnyMessage) => item.generation.prompt)],
      [1, ['three', 'two', 'one']],
    );
  });

  it('and refuses a limit that is none', async () => {
    const { caught } = await (await start({ limit: 'many' })).send({});
    assert.deepEqual([caught[0]?.error.code, caught[0]?.failure.charged], ['invalid_input', 'no']);
  });
});

import assert from 'node:assert/strict';
import { withDefaults } from '../../../nodes/shared/with-defaults.js';
import * as account from '../../../nodes/nanogpt-config/config.js';
import * as imageNode from '../../../nodes/nanogpt-image/config.js';
import { serve, unload } from '../../helpers/flow.js';
import { answer, image } from '../../helpers/images.js';

describe('settings with their defaults', () => {
  const rows: [saved: unknown, setting: unknown][] = [
    [undefined, 'usual'],
    [null, 'usual'],
    ['', ''],
    ['typed', 'typed'],
    [5, '5'],
    [false, 'false'],
    [{ style: 'vivid' }, '{"style":"vivid"}'],
  ];
  for (const [saved, setting] of rows)
    it(`are ${JSON.stringify(setting)} where ${JSON.stringify(saved)} is saved`, () =>
      assert.deepEqual(withDefaults({ text: 'usual' }, { id: 'x', text: saved }), { id: 'x', text: setting }));

  it('leave other kinds as they are saved, for their checks', () =>
    assert.deepEqual(withDefaults({ number: 300, flag: true }, { number: '60', flag: '${FLAG}' }), {
      number: '60',
      flag: '${FLAG}',
    }));
});

describe('a flow that was edited as text', () => {
  afterEach(unload);

  it('runs where every setting is null', async () => {
    const nulls = (settings: object): object =>
      Object.fromEntries(
        Object.keys(settings)
          .filter((name) => !['account', 'baseUrl', 'perMinute'].includes(name))
          .map((name) => [name, null]),
      );
    const flow = await serve(answer([await image('png', 8, 8)]), {
      account: nulls(account.defaults),
      node: nulls(imageNode.defaults),
    });
    const { out } = await flow.send({ payload: 'a fox' });
    assert.equal(out[0]!.generation.prompt, 'a fox');
  });

  it('runs where text is given as numbers and objects', async () => {
    const flow = await serve(answer([await image('png', 8, 8)]), {
      account: { budget: 5 },
      node: { count: 1, seed: 7, kontextMaxMode: true, parameters: { style: 'vivid' } },
    });
    await flow.send({ payload: 'a fox' });
    const { n, seed, style, kontext_max_mode: isMax } = flow.service.seen.at(-1)!.json;
    assert.deepEqual({ n, seed, style, isMax }, { n: 1, seed: 7, style: 'vivid', isMax: true });
  });

  it('fails with a sentence where its base URL is a list', async () => {
    const flow = await serve(answer([await image('png', 8, 8)]), { account: { baseUrl: [] } });
    const { caught } = await flow.send({ payload: 'a fox' });
    assert.equal(caught[0]!.failure.code, 'not_configured');
  });
});

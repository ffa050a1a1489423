import assert from 'node:assert/strict';
import { Account } from '../../src/account/account.js';
import type { AccountSettings } from '../../src/account/settings.js';
import { systemClock } from '../../src/clock.js';
import type { GenerationRequest, Warning } from '../../src/generation.js';
import { fixtureSettings, foxRequest } from '../helpers/account-fixture.js';
import { image } from '../helpers/images.js';
import { type TestService, startService } from '../helpers/service.js';

const { signal } = new AbortController();

describe('an account that knows the list of models', () => {
  let service: TestService;
  let account: Account;
  let warnings: Warning[];
  let list: unknown[];

  beforeEach(async () => {
    const b64_json = (await image()).toString('base64');
    const page = { endpoints: [{ input_reference_constraints: { max_items: 1 } }] };
    service = await startService(({ method, path }) => {
      if (method === 'GET') return { body: path.endsWith('/endpoints') ? page : { data: list } };
      return { body: { data: [{ b64_json }] } };
    });
    warnings = [];
  });

  afterEach(() => account.close());

  function open(settings: Partial<AccountSettings>): Account {
    const onWarning = (warning: Warning): void => {
      if (warning.key === 'model_ends') warnings.push(warning);
    };
    const clock = { ...systemClock, now: () => Date.parse('2026-11-20T12:00:00Z') };
    account = new Account({ ...fixtureSettings, baseUrl: service.url, ...settings }, { onWarning, clock });
    return account;
  }
  const generate = (changes: Partial<GenerationRequest>): Promise<unknown> =>
    account.generate({ ...foxRequest, ...changes }, { signal });
  const posts = (): number => service.seen.filter(({ method }) => method === 'POST').length;

  for (const [day, isSaid] of [
    ['2026-12-01', true],
    ['2026-11-01', true],
    ['2027-06-01', false],
  ] as const)
    it(`${isSaid ? 'says once that' : 'says nothing where'} a model ends on ${day}`, async () => {
      list = [{ id: 'gpt-image-1.5', shutdown_date: day }, { id: 'gpt-image-2' }];
      open({ service: 'openai' });
      await account.listModels(signal);
      for (const model of ['gpt-image-2', 'gpt-image-1.5'])
        await Promise.all([generate({ model }), generate({ model })]);
      await generate({ model: 'gpt-image-1.5' });
      const said = warnings.map(({ key, params }) => [key, params]);
      assert.deepEqual(said, isSaid ? [['model_ends', { model: 'gpt-image-1.5', day }]] : []);
    });

  it('fetches no list for that', async () => {
    open({ service: 'openai' });
    await generate({ model: 'gpt-image-1.5' });
    assert.deepEqual([service.seen.length, warnings], [1, []]);
  });

  it('refuses a request to OpenAI without a model before it costs, and names some', async () => {
    open({ service: 'openai' });
    for (const attempt of [generate({}), account.dryRun(foxRequest, signal)])
      await assert.rejects(attempt, {
        code: 'invalid_input',
        charged: 'no',
        key: 'model_needed',
        message: /gpt-image-2/,
      });
    assert.equal(posts(), 0);
    open({ service: 'openai', model: 'gpt-image-2' });
    await generate({});
    assert.equal(service.seen.at(-1)?.json.model, 'gpt-image-2');
  });

  it('passes on what OpenAI added in 2026', async () => {
    open({ service: 'openai' });
    const extra = { complexity: 'high', safety_identifier: 'a1' };
    for (const quality of ['xhigh', 'max'])
      await generate({ model: 'gpt-image-2', quality, output_format: 'svg', extra });
    const { prompt } = foxRequest;
    assert.deepEqual(
      service.seen.map(({ json }) => json),
      ['xhigh', 'max'].map((quality) => ({ ...extra, prompt, model: 'gpt-image-2', quality, output_format: 'svg' })),
    );
  });

  it('applies the limits on the page of a model to input images', async () => {
    list = [{ id: 'editor', endpoints: '/api/v1/images/models/editor/endpoints' }];
    open({});
    await account.listModels(signal);
    const input = { bytes: await image('png', 64, 64), mime: 'image/png', width: 64, height: 64 };
    await generate({ model: 'editor', images: [input] });
    await assert.rejects(generate({ model: 'editor', images: [input, input] }), { key: 'too_many_for_model' });
    assert.equal(posts(), 1);
  });
});

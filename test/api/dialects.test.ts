import assert from 'node:assert/strict';
import { selectDialect } from '../../src/api/dialects/select-dialect.js';
import { paidServices, services } from '../../src/api/services.js';
import type { AccountSettings } from '../../src/account/settings.js';
import type { GenerationRequest } from '../../src/generation.js';
import { type AccountFixture, foxRequest, startAccountFixture } from '../helpers/account-fixture.js';
import { answer, png } from '../helpers/server-behaviors.js';

const { signal } = new AbortController();
const image = { bytes: png, mime: 'image/png', extension: 'png', width: 1, height: 1 };
const withImages = (count: number): GenerationRequest => ({
  ...foxRequest,
  images: Array<typeof image>(count).fill(image),
});

describe('input images', () => {
  let fixture: AccountFixture;

  afterEach(() => fixture.close());

  async function send(settings: Partial<AccountSettings>, request: GenerationRequest): Promise<void> {
    fixture = await startAccountFixture('plain', { retries: 0, ...settings });
    await fixture.account.generate(request, { signal });
  }

  const path = (): string => fixture.server.heads.find((head) => head.startsWith('POST'))!.split(' ')[1]!;
  const partNames = (): string[] =>
    [...fixture.server.bodies[0]!.toString('latin1').matchAll(/; name="([^"]+)"/g)].map((match) => match[1]!);
  const json = (): Record<string, unknown> =>
    JSON.parse(fixture.server.bodies[0]!.toString()) as Record<string, unknown>;

  const forms: [string, Partial<AccountSettings>, number, string, string[]][] = [
    ['a compatible server, by itself', { service: 'compatible', edits: '' }, 1, '/v1/images/edits', ['image']],
    [
      'a compatible server',
      { service: 'compatible', edits: 'multipart' },
      2,
      '/v1/images/edits',
      ['image[]', 'image[]'],
    ],
    ['OpenAI', { service: 'openai', model: 'gpt-image-2' }, 1, '/v1/images/edits', ['image']],
    ['NanoGPT, where chosen', { edits: 'multipart' }, 1, '/api/v1/images/edits', ['image']],
  ];
  for (const [what, settings, count, expected, names] of forms) {
    it(`go to ${what} as a form, ${count} as ${names.join(', ')}`, async () => {
      await send(settings, withImages(count));
      assert.equal(path(), expected);
      assert.deepEqual(
        partNames().filter((name) => name.startsWith('image')),
        names,
      );
    });
  }

  it('go to NanoGPT as JSON by default', async () => {
    await send({ edits: '' }, withImages(1));
    assert.equal(path(), '/v1/images/generations');
    assert.match(String(json().imageDataUrl), /^data:image\/png;base64,/);
  });

  it('as a form to NanoGPT do not raise the limit of a request without them', async () => {
    const extra = { note: 'x'.repeat(4_100_000) };
    await assert.rejects(send({ edits: 'multipart' }, { ...foxRequest, extra }), { code: 'too_large', charged: 'no' });
    assert.equal(fixture.server.seen.POST, 0);
    await fixture.account.generate({ ...withImages(1), extra }, { signal });
    assert.equal(fixture.server.seen.POST, 1);
  });

  it('go to a compatible server in JSON as NanoGPT takes them and as LocalAI does', async () => {
    await send({ service: 'compatible', edits: 'json' }, withImages(1));
    assert.equal(path(), '/v1/images/generations');
    const { imageDataUrl, ref_images: bare } = json();
    assert.deepEqual(bare, [png.toString('base64')]);
    assert.equal(imageDataUrl, `data:image/png;base64,${png.toString('base64')}`);
  });

  it('are no fields of a request without them', async () => {
    await send({ service: 'compatible', edits: 'json' }, foxRequest);
    assert.deepEqual(json(), { prompt: foxRequest.prompt });
  });

  for (const [server, entry] of Object.entries({
    'stable-diffusion.cpp': { id: 'sd-cpp-local', object: 'model', owned_by: 'local' },
    'vLLM-Omni': { id: 'Qwen/Qwen-Image', object: 'model', owned_by: 'vllm' },
  })) {
    it(`are not sent as JSON to ${server}, which would make an image from the text alone`, async () => {
      fixture = await startAccountFixture('plain', { service: 'compatible', edits: 'json' });
      fixture.server.behaviors.GET = answer(200, { data: [entry] });
      await assert.rejects(fixture.account.generate(withImages(1), { signal }), {
        code: 'invalid_input',
        charged: 'no',
        key: 'images_ignored',
      });
      assert.equal(fixture.server.seen.POST, 0);
      await fixture.account.generate(foxRequest, { signal });
    });
  }

  for (const [status, body] of [
    [404, { detail: 'Not Found' }],
    [404, '404 page not found'],
    [405, { detail: 'Method Not Allowed' }],
  ] as const) {
    it(`say that a server has no route for them at ${status} ${JSON.stringify(body)}`, async () => {
      fixture = await startAccountFixture('plain', { service: 'compatible', edits: '' });
      fixture.server.behaviors.POST = answer(status, body);
      await assert.rejects(fixture.account.generate(withImages(1), { signal }), {
        code: 'not_configured',
        charged: 'no',
        key: 'no_edits_route',
      });
      assert.equal(fixture.server.seen.POST, 1);
    });
  }
});

describe('a list of models', () => {
  const entries = [{ id: 'flux', object: 'model' }];
  for (const [shape, body] of Object.entries({
    bare: entries,
    'under data': { data: entries },
    'under models': { models: entries },
  })) {
    it(`is read ${shape}`, async () => {
      const fixture = await startAccountFixture('plain', { service: 'compatible' });
      fixture.server.behaviors.GET = answer(200, body);
      assert.deepEqual(
        (await fixture.account.models(signal)).map(({ id }) => id),
        ['flux'],
      );
      await fixture.close();
    });
  }

  for (const body of [{ object: 'list' }, { data: 'none' }, { error: 'maintenance' }]) {
    it(`says so where it is ${JSON.stringify(body)}`, async () => {
      const fixture = await startAccountFixture('plain', { service: 'compatible' });
      fixture.server.behaviors.GET = answer(200, JSON.stringify(body));
      await assert.rejects(fixture.account.models(signal), {
        code: 'bad_response',
        charged: 'no',
        key: 'models_unreadable',
      });
      await fixture.close();
    });
  }
});

describe('a key', () => {
  for (const service of services.filter((name) => name !== 'sandbox')) {
    it(`is ${paidServices.includes(service) ? '' : 'not '}needed for ${service}`, () =>
      assert.equal(selectDialect(service, '').needsKey, paidServices.includes(service)));
  }
});

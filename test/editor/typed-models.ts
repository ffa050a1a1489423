import assert from 'node:assert/strict';
import type { EditorFixture } from '../helpers/editor.js';
import { type Reply, type Seen, type TestService, startService } from '../helpers/service.js';
import { account, image, tab } from './flows.js';

const day = new Date(Date.now() + 5 * 24 * 3600_000).toISOString().slice(0, 10);
const page = '/api/v1/images/models/maker/editor/endpoints';
const row = (resolution: string, cost_usd: number): object => ({
  billable: 'output_image',
  unit: 'image',
  cost_usd,
  resolution,
});

/** NanoGPT's lists of 2026, the page of one model, and a subscription (NanoGPT docs: image models, subscription usage). */
const bodies: Record<string, unknown> = {
  '/api/v1/image-models?detailed=true': {
    data: ['maker/editor', 'maker/plain'].map((id) => ({
      id,
      capabilities: { image_generation: true, image_to_image: true },
    })),
  },
  '/api/v1/images/models': {
    data: [
      {
        id: 'maker/editor',
        supported_parameters: {
          size: { type: 'enum', values: ['1024x1024', '512x512'], default: '512x512' },
          style: { type: 'enum', values: ['ink', 'oil'] },
          tiling: { type: 'boolean', default: false },
          input_references: { type: 'range', min: 0, max: 4 },
        },
        endpoints: page,
      },
    ],
  },
  [page]: {
    id: 'maker/editor',
    endpoints: [
      {
        pricing: [row('1024x1024', 0.04), row('512x512', 0.02)],
        input_reference_constraints: { max_items: 3, route: { max_bytes: 31_457_280 } },
      },
    ],
  },
  '/api/subscription/v1/image-models': { data: [{ id: 'maker/plain' }] },
  '/api/subscription/v1/usage': { active: true, dailyImages: { used: 2, remaining: 98, resetAt: 1_738_540_800_000 } },
  '/v1/models': { data: [{ id: 'gpt-image-1.5', shutdown_date: day }] },
};
const answerList = ({ path }: Seen): Reply => (path in bodies ? { body: bodies[path] } : { status: 404 });

/** The tests of lists of models that have types, pages and ends. */
export function testTypedModels(setup: EditorFixture): void {
  let service: TestService;

  before(async () => {
    service = await startService(answerList, { stays: true, hasAllLists: true });
    const key = { apiKey: 'sk-nano-1' };
    const flow = [
      tab,
      { ...account, service: 'nanogpt', baseUrl: service.url },
      { ...account, id: 'second', service: 'openai', baseUrl: service.url },
      { ...image, model: 'maker/editor', size: '1024x1024' },
      { ...image, id: 'ending', name: 'old one', account: 'second', model: 'gpt-image-1.5', y: 300 },
    ];
    await setup.nodeRed.deploy(flow, { account: key, second: key });
    await setup.editor.load();
  });

  after(() => service?.close());

  const texts = (selector: string): Promise<string[]> => setup.watched.page.locator(selector).allInnerTexts();
  const price = (): Promise<string> => setup.watched.page.locator('#nanogpt-price').innerText();
  const shows = (text: string): Promise<void> =>
    setup.watched.page.locator('#nanogpt-price', { hasText: text }).waitFor();

  it('have prices and limits of input images from the page of the chosen model, which is asked for once', async () => {
    await setup.editor.open('image');
    await shows('0.04 USD an image');
    await setup.editor.type('size', '');
    assert.equal(await price(), 'up to 0.04 USD an image');
    assert.deepEqual(await texts('#nanogpt-diagnostic-image .nanogpt-finding'), [
      'maker/editor takes at most 3 input images.',
      'Each input image may be at most 31 MB.',
    ]);
    assert.equal(service.seen.filter(({ path }) => path === page).length, 1);
  });

  it('have a list for every field with values, which are written into the parameters as they are', async () => {
    const { page: editor } = setup.watched;
    await setup.editor.open('image');
    await shows('USD');
    const tiling = editor.getByLabel('tiling', { exact: true });
    assert.deepEqual(await tiling.locator('option').allTextContents(), ["the model's own: false", 'true', 'false']);
    await tiling.selectOption('true');
    await editor.getByLabel('style', { exact: true }).selectOption('oil');
    const parameters = await setup.editor.ask(`$('#node-input-parameters').typedInput('value')`);
    assert.equal(parameters, '{"tiling":true,"style":"oil"}');
  });

  it('say which of them the subscription includes, and what is left of it', async () => {
    await setup.editor.open('image');
    await shows('USD');
    await setup.editor.type('model', 'maker/plain');
    await shows('included in your subscription, 98 of 100 left today');
    assert.deepEqual(await texts('#nanogpt-model-line .nanogpt-included'), ['included']);
    await setup.editor.type('model', '');
    await setup.watched.page.locator('#node-input-model + .red-ui-typedInput-container input').click();
    const marked = setup.watched.page.locator('[role=option]', {
      has: setup.watched.page.locator('.nanogpt-included'),
    });
    assert.deepEqual(await marked.locator('.nanogpt-name').allTextContents(), ['maker/plain']);
  });

  it('are warned of at the deploy where one is about to end', async () => {
    await setup.editor.open('ending');
    const text = `The service ends gpt-image-1.5 on ${day}: choose another model.`;
    await setup.watched.page.locator('#nanogpt-diagnostic-model', { hasText: text }).waitFor();
    await setup.editor.cancel();
    await setup.editor.ask('RED.nodes.dirty(true)');
    await setup.editor.deploy();
    await setup.watched.page
      .locator('.red-ui-notification-warning', { hasText: `${text} It is used by: old one` })
      .waitFor();
  });
}

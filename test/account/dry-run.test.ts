import assert from 'node:assert/strict';
import { Account } from '../../src/account/account.js';
import type { AccountSettings } from '../../src/account/settings.js';
import type { DryRun } from '../../src/api/client.js';
import type { GenerationRequest, InputImage } from '../../src/generation.js';
import { inspect } from '../../src/image/inspect.js';
import { dataUrl, mask, image } from '../helpers/images.js';
import { photo } from '../helpers/photos.js';
import { type PricedService, startPricedService, settingsFor } from '../helpers/priced-service.js';

const short = 'data:image/png;base64,… (0.1 kB)';

function input(bytes: Buffer): InputImage {
  const { mime, width, height } = inspect(bytes)!;
  return { bytes, mime, width, height };
}

describe('a dry run', () => {
  let priced: PricedService;
  const accounts: Account[] = [];

  beforeEach(async () => {
    priced = await startPricedService();
  });

  afterEach(() => accounts.splice(0).forEach((account) => account.close()));

  async function describeFor(
    settings: Partial<AccountSettings>,
    changes: Partial<GenerationRequest> = {},
  ): Promise<DryRun> {
    const account = new Account(settingsFor(priced, settings));
    accounts.push(account);
    return account.dryRun({ prompt: 'a fox', images: [], extra: {}, ...changes }, new AbortController().signal);
  }

  it('gives the URL and the body, with the model of the account', async () => {
    const { method, url, body } = await describeFor({}, { n: 2, extra: { style: 'vivid' } });
    assert.deepEqual(
      [method, url, body],
      [
        'POST',
        `${priced.service.url}/v1/images/generations`,
        { style: 'vivid', model: 'hidream', prompt: 'a fox', n: 2 },
      ],
    );
  });

  it('sends nothing and needs no key', async () => {
    await describeFor({ apiKey: '' });
    await describeFor({ apiKey: 'sk-nano-mgmt-1' });
    assert.equal(priced.service.seen.length, 0);
  });

  it('shortens images', async () => {
    const [first, second] = [input(await image()), input(await image('png', 6, 4, 'red'))];
    assert.deepEqual((await describeFor({ model: '' }, { images: [first] })).body, {
      prompt: 'a fox',
      imageDataUrl: short,
    });
    assert.deepEqual((await describeFor({ model: '' }, { images: [first, second] })).body, {
      prompt: 'a fox',
      imageDataUrls: [short, short],
    });
    const masked = (await describeFor({ model: '' }, { images: [first], mask: input(await mask()) })).body;
    assert.deepEqual(masked, { prompt: 'a fox', imageDataUrl: short, maskDataUrl: short });
  });

  it('shortens images in further fields, however deep, and no other text', async () => {
    const url = dataUrl(await image());
    const { body } = await describeFor(
      { model: '' },
      { prompt: `no ${url}`, extra: { control: { images: [url, 'data:image/png;base64,', 7] } } },
    );
    assert.deepEqual(body, { control: { images: [short, 'data:image/png;base64,', 7] }, prompt: `no ${url}` });
  });

  it('gives a form as the list of its parts', async () => {
    const images = [input(await image()), input(await image('jpeg'))];
    const { url, body } = await describeFor(
      { service: 'compatible', edits: 'multipart', model: 'sd' },
      { images, n: 2 },
    );
    assert.equal(url, `${priced.service.url}/v1/images/edits`);
    assert.deepEqual(body, [
      { name: 'model', value: 'sd' },
      { name: 'prompt', value: 'a fox' },
      { name: 'n', value: 2 },
      { name: 'image[]', fileName: 'image-1.png', value: short },
      { name: 'image[]', fileName: 'image-2.jpeg', value: 'data:image/jpeg;base64,… (0.3 kB)' },
    ]);
  });

  it('holds the images as they are sent: made to fit', async () => {
    const large = input(await (await photo(1700, 1300)).png().toBuffer());
    assert.ok(large.bytes.length > 4_000_000);
    const { imageDataUrl } = (await describeFor({}, { images: [large] })).body as { imageDataUrl: string };
    const [, megabytes] = /\((\d\.\d) MB\)$/.exec(imageDataUrl) ?? [];
    assert.ok(Number(megabytes) <= 3, imageDataUrl);
  });

  it('leaves out fields that the service does not take', async () => {
    const { url, body } = await describeFor({ service: 'openai', model: 'gpt-image-1' }, { seed: 7, size: '64x64' });
    assert.deepEqual(
      [url, body],
      [`${priced.service.url}/v1/images/generations`, { model: 'gpt-image-1', prompt: 'a fox', size: '64x64' }],
    );
  });

  it('fails as the request itself would', async () => {
    await assert.rejects(describeFor({ service: 'compatible', baseUrl: '' }), {
      code: 'not_configured',
      key: 'no_base_url',
    });
    const damaged = { ...input(await image('avif')), bytes: Buffer.from('no image') };
    await assert.rejects(describeFor({}, { images: [damaged] }), { code: 'invalid_input' });
  });
});

import assert from 'node:assert/strict';
import { type Dialect } from '../../src/api/dialects/dialect.js';
import { selectDialect } from '../../src/api/dialects/select-dialect.js';
import { dialectFor, fitRequest } from '../../src/api/fit-request.js';
import type { InputLimits } from '../../src/api/models/input-limits.js';
import type { GenerationRequest, InputImage } from '../../src/generation.js';
import { foxRequest } from '../helpers/account-fixture.js';
import { image } from '../helpers/images.js';

const { signal } = new AbortController();
const megabytes = 1e6;

describe('input images and the limits of their model', () => {
  let small: InputImage;

  before(async () => {
    small = { bytes: await image('png', 64, 48), mime: 'image/png', width: 64, height: 48 };
  });

  /** A request whose JSON has about so many bytes. */
  const request = (bytes = 0, changes: Partial<GenerationRequest> = {}): GenerationRequest => ({
    ...foxRequest,
    model: 'painter',
    images: [small],
    extra: { note: 'x'.repeat(bytes) },
    ...changes,
  });
  const fit = async (limits: InputLimits, sent = request(), dialect: Dialect = selectDialect('nanogpt', '')) => {
    const fitted = await fitRequest(sent, { dialect, limits, signal });
    return { fitted, path: dialectFor(dialect, fitted).prepare({ ...sent, ...fitted }).path };
  };

  it('go as a form where JSON is too small for them and the model takes more', async () => {
    assert.equal((await fit({ bytes: 30 * megabytes }, request(5 * megabytes))).path, '/api/v1/images/edits');
  });

  const asJson: [string, InputLimits, number, '' | 'json'][] = [
    ['where they fit', { bytes: 30 * megabytes }, 0, ''],
    ['where the account says so', { bytes: 30 * megabytes }, 0, 'json'],
    ['where the model is not known to take more', {}, 0, ''],
    ['where the model takes no more', { bytes: 4 * megabytes }, 0, ''],
  ];
  for (const [when, limits, bytes, edits] of asJson)
    it(`go as JSON ${when}`, async () => {
      const { path } = await fit(limits, request(bytes), selectDialect('nanogpt', edits));
      assert.equal(path, '/v1/images/generations');
    });

  it('stay under 4 MB of JSON where the account asks for JSON, whatever the model takes', async () => {
    await assert.rejects(fit({ bytes: 30 * megabytes }, request(5 * megabytes), selectDialect('nanogpt', 'json')), {
      code: 'too_large',
      charged: 'no',
    });
  });

  it('are made smaller than the largest file of the model', async () => {
    const noise = await image('png', 64, 48);
    const { fitted } = await fit({ bytes: noise.length - 1 });
    assert.ok(fitted.images[0]!.bytes.length < noise.length);
    assert.equal(fitted.warnings.length, 1);
  });

  it('are converted to a format of the model', async () => {
    const { fitted } = await fit({ formats: ['image/jpeg'] });
    assert.equal(fitted.images[0]!.mime, 'image/jpeg');
  });

  it('stay as they are where the model names no format that can be written', async () => {
    assert.equal((await fit({ formats: ['image/avif'] })).fitted.images[0]!.bytes, small.bytes);
  });

  for (const [key, limits] of [
    ['too_many_for_model', { max: 1 }],
    ['too_small_for_model', { minWidth: 65 }],
    ['too_small_for_model', { minHeight: 49 }],
  ] as const)
    it(`are ${key} with ${JSON.stringify(limits)}, before anything is sent`, async () => {
      const images = [small, small];
      await assert.rejects(fit(limits, request(0, { images })), { code: 'invalid_input', charged: 'no', key });
    });
});

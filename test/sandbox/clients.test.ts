import assert from 'node:assert/strict';
import { once } from 'node:events';
import OpenAI from 'openai';
import sharp from 'sharp';
import { type Service, startService } from './call.js';

describe('clients of others', () => {
  let service: Service;
  before(async () => {
    service = await startService();
  });
  after(() => service.close());

  const openai = (apiKey = 'key'): OpenAI => new OpenAI({ apiKey, baseURL: `${service.url}/v1`, maxRetries: 0 });
  const readWidth = async (bytes: Buffer): Promise<number> => (await sharp(bytes).metadata()).width;

  it("get their images with OpenAI's SDK as b64_json", async () => {
    const { data } = await openai().images.generate({
      model: 'hidream',
      prompt: 'a fox',
      n: 2,
      size: '256x256',
      response_format: 'b64_json',
    });
    assert.equal(data?.length, 2);
    assert.equal(await readWidth(Buffer.from(data?.[0]?.b64_json ?? '', 'base64')), 256);
  });

  it("get their images with OpenAI's SDK as url", async () => {
    const { data } = await openai().images.generate({ prompt: 'a fox', size: '256x256', response_format: 'url' });
    const response = await fetch(data?.[0]?.url ?? '');
    assert.equal(await readWidth(Buffer.from(await response.arrayBuffer())), 256);
  });

  it("list the models with OpenAI's SDK", async () => {
    const { data } = await openai().models.list();
    assert.equal(data[0]?.id, 'sandbox/painter');
  });

  it("get OpenAI's own errors", async () => {
    await assert.rejects(openai('invalid').images.generate({ prompt: 'a fox' }), OpenAI.AuthenticationError);
    await assert.rejects(openai().images.generate({ prompt: 'a fox', model: 'sandbox/404' }), OpenAI.NotFoundError);
    await assert.rejects(openai().images.generate({ prompt: 'forbidden' }), {
      status: 400,
      code: 'content_policy_violation',
    });
    await assert.rejects(openai().images.generate({ prompt: 'a fox', model: 'sandbox/429' }), OpenAI.RateLimitError);
    await assert.rejects(
      openai().images.generate({ prompt: 'a fox', model: 'sandbox/500' }),
      OpenAI.InternalServerError,
    );
  });

  it('stop a slow image by going away, and the service goes on', async () => {
    let arrive: (signal: AbortSignal | undefined) => void;
    const arrived = new Promise<AbortSignal | undefined>((resolve) => (arrive = resolve));
    const sleep = (_: number, signal?: AbortSignal): Promise<void> => {
      arrive(signal);
      return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
    };
    const patient = await startService({
      clock: { now: Date.now, monotonic: Date.now, after: () => () => undefined, sleep },
    });
    const controller = new AbortController();
    const slow = patient.post({ prompt: 'hills', model: 'sandbox/slow' }, { signal: controller.signal });
    const signal = await arrived;
    const noticed = once(signal as AbortSignal, 'abort');
    controller.abort();
    await assert.rejects(slow, { name: 'AbortError' });
    await noticed;
    assert.equal((await patient.images({ prompt: 'hills' })).length, 1);
    await patient.close();
  });
});

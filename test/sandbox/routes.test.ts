import assert from 'node:assert/strict';
import { get } from 'node:http';
import sharp from 'sharp';
import type { Clock } from '../../src/clock.js';
import { simulatedErrors } from '../../sandbox/simulated-errors.js';
import { type Service, startService } from './call.js';

describe('the built-in service', () => {
  let now = Date.parse('2026-11-23T12:00:00Z');
  const sleeps: number[] = [];
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    after: () => () => undefined,
    sleep: async (ms) => void sleeps.push(ms),
  };
  let service: Service;
  before(async () => {
    service = await startService({ clock });
  });
  after(() => service.close());

  for (const path of ['/v1/images/generations', '/api/v1/images/generations']) {
    it(`paints a PNG of the size asked for at ${path}`, async () => {
      const { status, body, headers } = await service.post({ prompt: 'a lake', size: '80x64' }, { path });
      assert.equal(status, 200);
      const { format, width, height } = await sharp(Buffer.from(body.data[0].b64_json, 'base64')).metadata();
      assert.deepEqual({ format, width, height }, { format: 'png', width: 80, height: 64 });
      assert.equal(body.paymentSource, 'sandbox');
      assert.equal(body.created, now / 1000);
      assert.equal(body.requestId, headers.get('x-request-id'));
    });
  }

  it('answers only to a Host of this machine, so that no web page reaches it under a name of its own', async () => {
    const { port } = new URL(service.url);
    const statusFor = (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        get(`${service.url}/v1/models`, { headers: { host } }, (answer) => resolve(answer.resume().statusCode)).on(
          'error',
          reject,
        );
      });
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, 'LOCALHOST'])
      assert.equal(await statusFor(host), 200, host);
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', '192.168.1.20'])
      assert.equal(await statusFor(host), 403, host);
  });

  it('takes 1024 by 1024 where no size is named, as its list says', async () => {
    const { body } = await service.post({ prompt: 'hills' });
    const image = Buffer.from(body.data[0].b64_json, 'base64');
    const { width, height } = await sharp(image).metadata();
    assert.deepEqual([width, height], [1024, 1024]);
    assert.ok(image.length < 1_500_000);
    const { data } = (await service.get('/api/v1/images/models')).body;
    for (const model of data) assert.equal(model.supported_parameters.size.default, '1024x1024');
  });

  for (const [size, width, height] of [
    ['64x64', 64, 64],
    ['100*70', 100, 70],
    ['2048x64', 2048, 64],
  ] as const) {
    it(`understands the size ${size}`, async () => {
      const [image] = await service.images({ prompt: 'a city', size });
      const found = await sharp(image).metadata();
      assert.deepEqual([found.width, found.height], [width, height]);
    });
  }

  for (const format of ['png', 'jpeg', 'webp'] as const) {
    it(`answers in the output_format ${format}`, async () => {
      const [image] = await service.images({ prompt: 'a forest', output_format: format });
      assert.equal((await sharp(image).metadata()).format, format);
    });
  }

  it('paints the same bytes for the same request and seed, and another image for another seed or prompt', async () => {
    const [first] = await service.images({ prompt: 'a castle', seed: 7 });
    const [again] = await service.images({ prompt: 'a castle', seed: 7 });
    const [reseeded] = await service.images({ prompt: 'a castle', seed: 8 });
    const [reworded] = await service.images({ prompt: 'a windmill', seed: 7 });
    assert.deepEqual(again, first);
    assert.notDeepEqual(reseeded, first);
    assert.notDeepEqual(reworded, first);
  });

  it('paints a new image each time without a seed, and n different ones', async () => {
    const made = [...(await service.images({ prompt: 'hills', n: 3 })), ...(await service.images({ prompt: 'hills' }))];
    assert.equal(new Set(made.map((image) => image.toString('base64'))).size, 4);
  });

  it('takes the key as Bearer or as x-api-key, and answers 401 without one', async () => {
    const body = { prompt: 'hills', size: '64x64' };
    assert.equal((await service.post(body, { headers: { 'x-api-key': 'any' } })).status, 200);
    const refused = await service.post(body, { headers: {} });
    assert.equal(refused.status, 401);
    assert.equal(refused.body.error.code, 'missing_api_key');
  });

  it('takes the cost from the balance and says both', async () => {
    const balance = async (): Promise<number> =>
      Number(
        (await service.post('', { path: '/api/check-balance', headers: { 'x-api-key': 'key' } })).body.usd_balance,
      );
    const before = await balance();
    const { body } = await service.post({ prompt: 'hills', size: '64x64', n: 2, seed: 1 });
    assert.equal(body.cost, 0.02);
    assert.equal((before - (await balance())).toFixed(2), '0.02');
    assert.equal(body.remainingBalance.toFixed(2), (before - 0.02).toFixed(2));
  });

  it('lists its models in the documented shape, saying that nothing is bought', async () => {
    const { body } = await service.get('/api/v1/image-models?detailed=true');
    assert.equal(body.meta.count, body.data.length);
    for (const model of body.data) {
      assert.match(model.id, /^sandbox\//);
      assert.match(model.description, /nothing is bought/);
      assert.equal(model.pricing.currency, 'USD');
      const sizes = model.supported_parameters.resolutions.map((size: string) => size.replace('x', '*'));
      assert.deepEqual(Object.keys(model.pricing.per_image), sizes);
    }
    const able = new Set(
      body.data.map(
        ({ capabilities }: any) =>
          `${capabilities.image_generation}/${capabilities.image_to_image}/${capabilities.inpainting}`,
      ),
    );
    assert.equal(able.size, 4);
  });

  for (const path of ['/v1/models', '/api/v1/models']) {
    it(`lists its models in OpenAI's shape at ${path}`, async () => {
      const { body } = await service.get(path);
      assert.deepEqual(Object.keys(body.data[0]).sort(), ['created', 'id', 'object', 'owned_by']);
    });
  }

  it('covers some models by a subscription, unless the request asks to pay', async () => {
    const usage = async (): Promise<{ used: number; remaining: number; resetAt: number }> =>
      (await service.get('/api/subscription/v1/usage', { authorization: 'Bearer key' })).body.dailyImages;
    const body = { prompt: 'hills', model: 'sandbox/poster', size: '1024x1024' };
    const before = await usage();
    assert.equal(before.resetAt, Date.parse('2026-11-24T00:00:00Z'));
    const included = await service.post(body);
    assert.deepEqual([included.body.cost, included.body.paymentSource], [0, 'subscription']);
    const paid = await service.post(body, { headers: { authorization: 'Bearer key', 'x-billing-mode': 'paygo' } });
    assert.deepEqual([paid.body.cost, paid.body.paymentSource], [0.006, 'sandbox']);
    assert.equal((await usage()).used, before.used + 1);
    assert.equal((await usage()).remaining, before.remaining - 1);
  });

  it('lists the types of the parameters, and which models the subscription covers', async () => {
    const [typed, included] = await Promise.all(
      ['/api/v1/images/models', '/api/subscription/v1/image-models'].map(
        async (path) => (await service.get(path)).body,
      ),
    );
    assert.deepEqual(typed.data[0].supported_parameters.n, { type: 'range', min: 1, max: 10, default: 1 });
    assert.deepEqual(included.data, [{ id: 'sandbox/poster' }]);
  });

  it('has a page for each model, named in the list of types, with prices and limits of input images', async () => {
    const { data } = (await service.get('/api/v1/images/models')).body;
    const [{ endpoints: path, supported_parameters: parameters }] = data;
    assert.deepEqual(parameters.output_format.values, ['png', 'jpeg', 'webp']);
    const [endpoint] = (await service.get(path as string)).body.endpoints;
    assert.deepEqual(endpoint.pricing[0], {
      billable: 'output_image',
      unit: 'image',
      cost_usd: 0.01,
      resolution: '1024x1024',
    });
    assert.deepEqual(endpoint.input_reference_constraints.max_items, 4);
    assert.equal((await service.get('/api/v1/images/models/nobody/endpoints')).status, 404);
  });

  describe('errors on purpose', () => {
    const provocations: [matching: RegExp, body: Record<string, unknown>, key?: string][] = [
      [/body over/, { prompt: 'hills', padding: 'x'.repeat(4_000_000) }],
      [/key `invalid`/, { prompt: 'hills' }, 'invalid'],
      [/`sandbox\/402`/, { prompt: 'hills', model: 'sandbox/402' }],
      [/`sandbox\/404`/, { prompt: 'hills', model: 'sandbox/404' }],
      [/`sandbox\/429`/, { prompt: 'hills', model: 'sandbox/429' }],
      [/`sandbox\/500`/, { prompt: 'hills', model: 'sandbox/500' }],
      [/word `forbidden`/, { prompt: 'a Forbidden thing' }],
      [/`sandbox\/slow`/, { prompt: 'hills', model: 'sandbox/slow', size: '64x64' }],
    ];

    it('are all tried here', () => {
      assert.deepEqual(
        simulatedErrors.map(({ cause }) => provocations.find(([matching]) => matching.test(cause)) !== undefined),
        simulatedErrors.map(() => true),
      );
      assert.equal(provocations.length, simulatedErrors.length);
    });

    for (const [matching, request, key = 'key'] of provocations) {
      const row = simulatedErrors.find(({ cause }) => matching.test(cause));
      it(`${row?.cause} gives ${row?.effect}`, async () => {
        const { status, text, body, headers } = await service.post(request, {
          headers: { authorization: `Bearer ${key}` },
        });
        if (!row?.refusal) {
          assert.equal(status, 200);
          return assert.deepEqual(sleeps.splice(0), [10_000]);
        }
        assert.equal(status, row.refusal.status);
        assert.ok(row.effect.startsWith(String(status)));
        assert.deepEqual(body ?? text, row.refusal.body);
        for (const [name, value] of Object.entries(row.refusal.headers ?? {})) assert.equal(headers.get(name), value);
      });
    }

    it('a body sent in chunks, without a length, is counted too', async () => {
      const chunk = new Uint8Array(500_000).fill(32);
      const stream = new ReadableStream({
        start: (controller) => {
          for (let index = 0; index < 9; index += 1) controller.enqueue(chunk);
          controller.close();
        },
      });
      const init = { method: 'POST', body: stream, duplex: 'half', headers: { authorization: 'Bearer key' } };
      const response = await fetch(`${service.url}/v1/images/generations`, init);
      assert.equal(response.status, 413);
      assert.match(await response.text(), /<html>/);
    });
  });

  describe('what it cannot paint', () => {
    const wrong: [body: unknown, param: string][] = [
      ['not json', 'body'],
      ['[]', 'body'],
      [{}, 'prompt'],
      [{ prompt: ' ' }, 'prompt'],
      [{ prompt: 'hills', n: 0 }, 'n'],
      [{ prompt: 'hills', n: 11 }, 'n'],
      [{ prompt: 'hills', n: '2' }, 'n'],
      [{ prompt: 'hills', n: 2, model: 'sandbox/poster' }, 'n'],
      [{ prompt: 'hills', size: '63x64' }, 'size'],
      [{ prompt: 'hills', size: '64x2049' }, 'size'],
      [{ prompt: 'hills', size: 'big' }, 'size'],
      [{ prompt: 'hills', seed: 1.5 }, 'seed'],
      [{ prompt: 'hills', strength: 1.1 }, 'strength'],
      [{ prompt: 'hills', guidance_scale: 21 }, 'guidance_scale'],
      [{ prompt: 'hills', num_inference_steps: 0 }, 'num_inference_steps'],
      [{ prompt: 'hills', response_format: 'file' }, 'response_format'],
      [{ prompt: 'hills', output_format: 'bmp' }, 'output_format'],
      [{ prompt: 'hills', model: 3 }, 'model'],
      [{ prompt: 'hills', imageDataUrl: 'https://example.com/a.png' }, 'imageDataUrl'],
      [{ prompt: 'hills', imageDataUrl: 'data:image/png;base64,aGVsbG8=' }, 'imageDataUrl'],
      [{ prompt: 'hills', imageDataUrls: 'x' }, 'imageDataUrls'],
      [{ prompt: 'hills', maskDataUrl: 'data:image/png;base64,aGVsbG8=' }, 'maskDataUrl'],
      [{ prompt: 'hills', model: 'sandbox/poster', imageDataUrl: 'data:image/png;base64,aGVsbG8=' }, 'imageDataUrl'],
      [{ prompt: 'hills', model: 'sandbox/retoucher' }, 'imageDataUrl'],
    ];
    for (const [body, param] of wrong) {
      it(`answers 400 and names ${param} for ${JSON.stringify(body).slice(0, 70)}`, async () => {
        const answer = await service.post(body);
        assert.equal(answer.status, 400);
        assert.equal(answer.body.error.param, param);
        assert.ok(answer.body.error.message.length > 10);
      });
    }

    it('answers 400 in the documented shape for too many inputs', async () => {
      const image = 'data:image/png;base64,aGVsbG8=';
      const { status, body } = await service.post({
        prompt: 'hills',
        imageDataUrls: [image, image, image, image, image],
      });
      assert.deepEqual([status, body.code], [400, 'IMAGE_INPUT_TOO_MANY']);
    });

    it('answers 404 as JSON for a path it does not have', async () => {
      const { status, body } = await service.get('/v1/chat/completions');
      assert.deepEqual([status, body.error.code], [404, 'not_found']);
    });
  });

  describe('signed addresses', () => {
    const address = async (): Promise<URL> =>
      new URL(
        (await service.post({ prompt: 'hills', size: '64x64', seed: 1, response_format: 'url' })).body.data[0].url,
      );
    const status = async (url: URL, headers: Record<string, string> = {}): Promise<number> =>
      (await service.get(url.pathname + url.search, headers)).status;

    it('give the image as it would have come in the answer', async () => {
      const url = await address();
      const response = await fetch(url);
      assert.equal(response.headers.get('content-type'), 'image/png');
      const [same] = await service.images({ prompt: 'hills', size: '64x64', seed: 1 });
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), same);
    });

    it('say until when they work, and answer 403 from then on', async () => {
      const url = await address();
      assert.equal(url.searchParams.get('X-Amz-Date'), '20261123T120000Z');
      now += Number(url.searchParams.get('X-Amz-Expires')) * 1000 - 1;
      assert.equal(await status(url), 200);
      now += 1;
      assert.equal(await status(url), 403);
    });

    it('answer 403 to a key, as real storage does', async () => {
      assert.equal(await status(await address(), { authorization: 'Bearer key' }), 403);
    });

    it('answer 403 where the signature does not fit', async () => {
      const url = await address();
      url.searchParams.set('X-Amz-Expires', '99999999');
      assert.equal(await status(url), 403);
    });
  });
});

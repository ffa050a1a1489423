import assert from 'node:assert/strict';
import sharp from 'sharp';
import { inspect } from '../../src/image/inspect.js';
import { type RunningExample, readExample, startExample, stopExample } from '../helpers/example.js';
import type { AnyMessage } from '../helpers/flow.js';
import { type Serving, serve } from '../helpers/serve.js';

const side = 128;

/** A square image with a left half and a right one. */
function half(left: string, right: string): Promise<Buffer> {
  const background = sharp({ create: { width: side, height: side, channels: 3, background: right } });
  const overlay = { create: { width: side / 2, height: side, channels: 3 as const, background: left } };
  return background.composite([{ input: overlay, left: 0, top: 0 }]).png().toBuffer(); // prettier-ignore
}

describe('example 13, the web form', () => {
  let example: RunningExample;
  let server: Serving;
  beforeEach(async () => {
    example = await startExample(readExample('13'));
    server = await serve(example.http);
  });
  afterEach(async () => {
    server.close();
    await stopExample();
  });

  const post = (fields: Record<string, string | Buffer>): Promise<Response> => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'string') body.append(name, value);
      else body.append(name, new Blob([new Uint8Array(value)]), `${name}.png`);
    }
    return fetch(`${server.url}/edit`, { method: 'POST', body });
  };

  it('shows a form for prompt, image and mask', async () => {
    const page = await fetch(`${server.url}/edit`);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    const names = [...(await page.text()).matchAll(/<input name="(\w+)"/g)].map(([, name]) => name);
    assert.deepEqual(names, ['prompt', 'image', 'mask']);
  });

  it('answers an image and a mask with the edit, and nothing is changed where the mask is black', async () => {
    const image = await half('#cc8844', '#4488cc');
    const answer = await post({ prompt: 'a garden', image, mask: await half('white', 'black') });
    assert.equal(answer.headers.get('content-type'), 'image/png');
    const edit = Buffer.from(await answer.arrayBuffer());
    const pixels = (bytes: Buffer, left: number): Promise<Buffer> =>
      sharp(bytes).removeAlpha().extract({ left, top: 0, width: 40, height: side }).raw().toBuffer();
    assert.deepEqual(await pixels(edit, 80), await pixels(image, 80));
    assert.notDeepEqual(await pixels(edit, 10), await pixels(image, 10));
  });

  it('makes a new image without one', async () => {
    const answer = await post({ prompt: 'a garden' });
    assert.equal(inspect(Buffer.from(await answer.arrayBuffer()))?.mime, 'image/png');
    assert.equal((await example.reached('content type'))[0]!.generation.mode, 'text-to-image');
  });

  for (const [name, fields, status, code] of [
    ['no prompt', {}, 400, 'invalid_input'],
    ['a file that is no image', { prompt: 'a garden', image: Buffer.from('%PDF-1.7, a letter') }, 400, 'invalid_input'],
    ['a mask without an image', { prompt: 'a garden', mask: Buffer.from('no image either') }, 400, 'invalid_input'],
    ['a prompt that is refused', { prompt: 'something forbidden' }, 422, 'moderated'],
  ] as const) {
    it(`answers ${name} with ${status} and why, as problem+json`, async () => {
      const answer = await post(fields);
      assert.equal(answer.status, status);
      assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
      const problem = (await answer.json()) as Record<string, unknown>;
      assert.deepEqual([problem.type, problem.status, problem.code, problem.charged], ['about:blank', status, code, 'no']); // prettier-ignore
      assert.ok(String(problem.title).length > 10 && String(problem.detail).length > 10);
    });
  }

  for (const [failure, status, wait] of [
    [{ code: 'rate_limited', charged: 'no', retryable: true, retryAfter: 6.5 }, 503, '7'],
    [{ code: 'too_large', charged: 'no', retryable: false }, 413, undefined],
    [{ code: 'timed_out', charged: 'unknown', retryable: true }, 502, undefined],
    [{ code: 'insufficient_balance', charged: 'no', retryable: false }, 502, undefined],
  ] as const) {
    it(`answers ${failure.code} with ${status}`, async () => {
      example.put('status and why', { failure, error: { message: 'Because.' } });
      const [{ statusCode, headers, payload }] = (await example.reached('the reason')) as [AnyMessage];
      assert.deepEqual([statusCode, headers['retry-after']], [status, wait]);
      assert.deepEqual([payload.detail, payload.charged], ['Because.', failure.charged]);
    });
  }
});

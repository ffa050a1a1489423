import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { defined } from '../../src/defined.js';
import { type RunningExample, readExample, startExample, stopExample } from '../helpers/example.js';
import { type Serving, serve } from '../helpers/serve.js';

describe('example 10, the frame', () => {
  let example: RunningExample;
  let server: Serving;
  beforeEach(async () => {
    example = await startExample(readExample('10'));
    server = await serve(example.http);
  });
  afterEach(async () => {
    server.close();
    await stopExample();
  });

  /** Asks as a display does that has the image of that ETag. A fetch would add that nothing may come from a cache. */
  const get = async (etag = ''): Promise<{ status?: number; headers: IncomingHttpHeaders; body: Buffer }> => {
    const asked = request(`${server.url}/frame.jpg`, { headers: etag === '' ? {} : { 'if-none-match': etag } }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const { statusCode: status, headers } = answer;
    return { ...defined({ status }), headers, body: await buffer(answer) };
  };

  const makeImage = async (count = 1): Promise<void> => {
    example.press(count === 1 ? 'a new image' : 'every morning at six');
    await example.reached('on the frame', count);
  };

  it('serves the last image as the baseline JPEG of 800x480 that small displays decode', async () => {
    await makeImage();
    const answer = await get();
    assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'image/jpeg']);
    const { format, width, height, isProgressive } = await sharp(answer.body).metadata();
    assert.deepEqual({ format, width, height, isProgressive }, { format: 'jpeg', width: 800, height: 480, isProgressive: false }); // prettier-ignore
  });

  it('answers 304 without a body while the client has the newest image', async () => {
    await makeImage();
    const etag = (await get()).headers.etag;
    const same = await get(etag);
    assert.deepEqual([same.status, same.body.length], [304, 0]);
    await makeImage(2);
    const other = await get(etag);
    assert.equal(other.status, 200);
    assert.notEqual(other.headers.etag, etag);
  });

  it('answers 404 before there is an image, and makes none for it', async () => {
    const answer = await get();
    assert.deepEqual([answer.status, String(answer.body)], [404, 'There is no image yet.']);
    await makeImage();
    assert.equal((await example.reached('for the frame')).length, 1);
  });
});

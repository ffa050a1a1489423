import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import { inspect } from '../../src/image/inspect.js';
import { type RunningExample, readExample, startExample, stopExample } from '../helpers/example.js';
import type { AnyMessage } from '../helpers/flow.js';

/** What the header of an image says: `image/png 1024x1024`. */
function looks(image: unknown): string {
  const header = Buffer.isBuffer(image) ? inspect(image) : undefined;
  return header ? `${header.mime} ${header.width}x${header.height}` : String(image);
}

/** One part of an image as bare pixels. */
async function pixels(image: Buffer, left: number, top: number, width: number, height: number): Promise<Buffer> {
  return sharp(image).removeAlpha().extract({ left, top, width, height }).raw().toBuffer();
}

describe('example', () => {
  let example: RunningExample;
  const start = async (number: string): Promise<void> => {
    example = await startExample(readExample(number));
  };
  const readWritten = ({ filename }: AnyMessage): Buffer => readFileSync(join(example.folder, filename as string));
  afterEach(() => stopExample());

  it('01 saves an image', async () => {
    await start('01');
    example.press('a prompt');
    const [message] = await example.reached('saved as');
    assert.equal(looks(readWritten(message!)), 'image/png 1024x1024');
  });

  it('02 makes an image and restyles it', async () => {
    await start('02');
    example.press('a prompt');
    const [first] = await example.reached('first image');
    const [restyled] = await example.reached('restyled');
    assert.equal(restyled!.generation.mode, 'image-to-image');
    assert.equal(looks(readWritten(restyled!)), looks(readWritten(first!)));
    assert.notDeepEqual(readWritten(restyled!), readWritten(first!));
  });

  it('03 paints inside the mask and nowhere else', async () => {
    await start('03');
    example.press('a prompt');
    const [{ payload: before }] = (await example.reached('paint inside it')) as [AnyMessage];
    const [message] = await example.reached('saved as');
    assert.equal(message!.generation.mode, 'inpainting');
    assert.equal(message!.mask, undefined);
    const after = readWritten(message!);
    const [inside, outside] = [[400, 150, 200, 300], [0, 600, 1024, 400]] as const; // prettier-ignore
    assert.notDeepEqual(await pixels(after, ...inside), await pixels(before as Buffer, ...inside));
    assert.deepEqual(await pixels(after, ...outside), await pixels(before as Buffer, ...outside));
  });

  describe('04', () => {
    let server: Server;
    let url: string;
    beforeEach(async () => {
      await start('04');
      server = createServer(example.http).listen(0, '127.0.0.1');
      await once(server, 'listening');
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/image`;
    });
    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });
    const post = (body: unknown): Promise<Response> =>
      fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

    it('answers a prompt with an image', async () => {
      const answer = await post({ prompt: 'a red fox' });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('content-type'), 'image/png');
      assert.equal(looks(Buffer.from(await answer.arrayBuffer())), 'image/png 1024x1024');
    });

    it('shows a form whose answer is an image', async () => {
      const page = await fetch(url);
      assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
      assert.match(await page.text(), /<form method="post">.*name="prompt"/s);
      const answer = await fetch(url, { method: 'POST', body: new URLSearchParams({ prompt: 'a red fox' }) });
      assert.equal(answer.headers.get('content-type'), 'image/png');
    });

    it('answers a refused prompt and a missing one with 400 and the reason', async () => {
      const answers = await Promise.all([post({ prompt: 'a forbidden fox' }), post({})]);
      assert.deepEqual(
        answers.map(({ status }) => status),
        [400, 400],
      );
      const [refused, missing] = (await Promise.all(answers.map((answer) => answer.json()))) as { error: string; message: string }[];
      assert.equal(refused?.error, 'moderated');
      assert.equal(missing?.error, 'invalid_input');
      assert.match(missing?.message ?? '', /msg\.payload\.prompt/);
    });

    for (const [failure, status] of [
      [{ code: 'rate_limited', charged: 'no', retryable: true }, 503],
      [{ code: 'timed_out', charged: 'unknown', retryable: true }, 502],
      [{ code: 'insufficient_balance', charged: 'no', retryable: false }, 502],
    ] as const) {
      it(`answers ${failure.code} with ${status}`, async () => {
        example.put('status and why', { failure, error: { message: 'Because.' } });
        const [message] = await example.reached('the reason');
        assert.equal(message!.statusCode, status);
        assert.deepEqual(message!.payload, { error: failure.code, message: 'Because.' });
      });
    }
  });

  describe('05', () => {
    beforeEach(() => start('05'));

    for (const [button, end, sentence] of [
      ['balance too low', 'no: nothing was charged', /^insufficient_balance: The balance of the account is too low/],
      ['content policy', 'no: nothing was charged', /^moderated: The content policy/],
      ['empty prompt', 'no: nothing was charged', /^invalid_input: There is no prompt in msg\.payload/],
      ['service fails', 'unknown: look before you send it again', /^server_failed: The service failed/],
    ] as const) {
      it(`sends “${button}” to “${end}”`, async () => {
        example.press(button);
        const [message] = await example.reached(end);
        assert.match(message!.payload as string, sentence);
      });
    }

    it('makes an image with nothing wrong', async () => {
      example.press('nothing wrong');
      const [message] = await example.reached('an image was made');
      assert.equal(looks(message!.payload), 'image/png 1024x1024');
    });

    it('sends what was charged to “yes”', async () => {
      example.put('was it charged?', { failure: { charged: 'yes' } });
      assert.equal((await example.reached('yes: fetch it from msg.failure.urls')).length, 1);
    });
  });

  describe('06', () => {
    beforeEach(() => start('06'));

    it('tells what is left', async () => {
      example.press('what is left?');
      const [{ payload }] = (await example.reached('enough')) as [AnyMessage];
      assert.equal(payload.currency, 'USD');
      assert.ok(payload.amount > 5);
    });

    it('says when to top up', async () => {
      example.put('less than 5?', { payload: { amount: 4.99, currency: 'USD' } });
      assert.equal((await example.reached('time to top up')).length, 1);
    });

    it('lists the models that paint inside masks', async () => {
      example.press('who paints inside masks?');
      const [{ payload }] = (await example.reached('they paint inside masks')) as [AnyMessage];
      assert.deepEqual([...(payload as string[])], ['sandbox/painter', 'sandbox/retoucher']);
    });

    it('finds the cheapest model that makes images from text', async () => {
      example.press('which is the cheapest?');
      const [{ payload }] = (await example.reached('the cheapest')) as [AnyMessage];
      assert.equal(payload.id, 'sandbox/ink');
    });
  });

  describe('07', () => {
    beforeEach(() => start('07'));

    it('makes one list of images in the order of the table', async () => {
      example.press('go');
      const [{ payload: list }] = (await example.reached('the list')) as [AnyMessage];
      assert.deepEqual((list as unknown[]).map(looks), Array(3).fill('image/png 1024x1024'));
      const saved = (await example.reached('save each')).toSorted((one, other) => one.parts.index - other.parts.index);
      assert.deepEqual(
        saved.map(({ generation }) => generation.prompt as string),
        ['a red kettle on a beach at sunset', 'a yellow tent in a forest under the stars', 'a blue bicycle in front of a city by night'],
      );
      assert.ok(saved.every(({ payload }, index) => payload.equals(list[index])));
    });

    it('has the reason in the place of an image that failed', async () => {
      example.put('rows', { payload: 'product,place\na kettle,where it is forbidden\na tent,in a forest\n' });
      const [{ payload }] = (await example.reached('the list')) as [AnyMessage];
      assert.match(payload[0] as string, /content policy/);
      assert.equal(looks(payload[1]), 'image/png 1024x1024');
    });
  });

  it('09 fetches a snapshot from the LAN and restyles it', async () => {
    const camera = createServer((request, response) => example.http(request, response)).listen(0, '127.0.0.1');
    await once(camera, 'listening');
    try {
      const here = `http://localhost:${(camera.address() as AddressInfo).port}/snapshot`;
      const flow = readExample('09').map((node) => (node.payload === 'http://localhost:1880/snapshot' ? { ...node, payload: here } : node));
      example = await startExample(flow);
      example.press('address of the snapshot');
      const [message] = await example.reached('saved as');
      assert.equal(message!.generation.mode, 'image-to-image');
      assert.equal(looks(readWritten(message!)), 'image/png 1024x1024');
    } finally {
      camera.closeAllConnections();
      camera.close();
    }
  });
});

import assert from 'node:assert/strict';
import sharp from 'sharp';
import { type AnyMessage, apiKey, loadFlow, unload } from '../../helpers/flow.js';
import { type FormPart, parseForm } from '../../helpers/form.js';
import { answer, dataUrl, mask, image } from '../../helpers/images.js';
import { type Seen, type TestService, startService } from '../../helpers/service.js';

/** One node for all services: what it is set to does not change with the account. */
const node = {
  model: 'model-1',
  modelType: 'str',
  count: '2',
  countType: 'num',
  size: '64x64',
  sizeType: 'str',
  user: 'me',
  userType: 'str',
  seed: '7',
  seedType: 'num',
};
const fields = { prompt: 'a fox', model: 'model-1', n: 2, size: '64x64', user: 'me' };

/** The message of each mode, with an image and a mask of 64 x 64. */
async function messages(): Promise<Record<'text' | 'image' | 'inpaint', AnyMessage>> {
  const photo = await image('png', 64, 64);
  const base = { payload: photo, prompt: 'a fox' };
  return { text: { payload: 'a fox' }, image: base, inpaint: { ...base, mask: await mask(64, 64) } };
}

/** Grey and opacity of the first and the last pixel of a row: what is to change lies on the left. */
async function ends(bytes: Buffer): Promise<{ white: boolean[]; opaque: boolean[] }> {
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const pixels = [0, info.width - 1].map((column) =>
    data.subarray(column * info.channels, (column + 1) * info.channels),
  );
  return { white: pixels.map((pixel) => pixel[0] === 255), opaque: pixels.map((pixel) => pixel[3] === 255) };
}

describe('one flow on all services', () => {
  let service: TestService;
  beforeEach(async () => {
    const made = await image('png', 64, 64, 'red');
    service = await startService(answer([made, made]));
  });
  afterEach(unload);

  /** Runs the three modes through the same node with an account and gives what the service saw. */
  async function run(account: AnyMessage): Promise<Seen[]> {
    const { text, image, inpaint } = await messages();
    const flow = await loadFlow({ node, account: { baseUrl: service.url, ...account }, credentials: { apiKey } });
    for (const message of [text, image, inpaint]) await flow.send(message);
    assert.deepEqual(
      flow.ended.caught.map(({ error }: AnyMessage) => error.message as string),
      [],
    );
    assert.deepEqual(
      flow.ended.out.map(({ generation }: AnyMessage) => generation.mode as string),
      ['text-to-image', 'text-to-image', 'image-to-image', 'image-to-image', 'inpainting', 'inpainting'],
    );
    return service.seen;
  }

  it('runs on the built-in service', async () => {
    await run({ service: 'sandbox', baseUrl: '' });
  });

  it('sends NanoGPT data URLs in JSON, white where something is to change', async () => {
    const { inpaint } = await messages();
    const [text, image, inpainted] = (await run({ service: 'nanogpt' })) as [Seen, Seen, Seen];
    assert.deepEqual(text.json, { ...fields, seed: 7 });
    assert.deepEqual(image.json, { ...fields, seed: 7, imageDataUrl: dataUrl(inpaint.payload as Buffer) });
    assert.deepEqual(inpainted.json, { ...image.json, maskDataUrl: dataUrl(inpaint.mask as Buffer) });
    assert.deepEqual(service.seen.map(({ path }) => path), Array(3).fill('/v1/images/generations')); // prettier-ignore
  });

  it('sends a compatible server that takes JSON the same below its own address', async () => {
    const account = { service: 'compatible', edits: 'json', baseUrl: `${service.url}/openai/v1` };
    const [text, image, inpainted] = (await run(account)).filter(({ method }) => method === 'POST') as [
      Seen,
      Seen,
      Seen,
    ];
    assert.deepEqual(text.json, { ...fields, seed: 7 });
    assert.deepEqual(
      Object.keys(image.json).sort(),
      [...Object.keys(fields), 'imageDataUrl', 'ref_images', 'seed'].sort(),
    );
    assert.deepEqual(Object.keys(inpainted.json).sort(), [...Object.keys(image.json), 'maskDataUrl'].sort());
    const posts = service.seen.filter(({ method }) => method === 'POST').map(({ path }) => path);
    assert.deepEqual(posts, Array(3).fill('/openai/v1/images/generations'));
  });

  for (const [name, account, sent] of [
    ['OpenAI', { service: 'openai' }, fields],
    ['a compatible server that takes forms', { service: 'compatible', edits: 'multipart' }, { ...fields, seed: 7 }],
  ] as const) {
    it(`sends ${name} forms, transparent where something is to change`, async () => {
      const { inpaint } = await messages();
      const [text, ...edits] = (await run(account)) as [Seen, Seen, Seen];
      assert.deepEqual(
        [text.path, ...edits.map(({ path }) => path)],
        ['/v1/images/generations', '/v1/images/edits', '/v1/images/edits'],
      );
      assert.deepEqual(text.json, sent);
      const [image, inpainted] = await Promise.all(edits.map(parseForm));
      const asText = Object.fromEntries(Object.entries(sent).map(([key, value]) => [key, String(value)]));
      assert.deepEqual([image?.fields, inpainted?.fields], [asText, asText]);
      const file = { name: 'image', fileName: 'image-1.png', mime: 'image/png', bytes: inpaint.payload as Buffer };
      assert.deepEqual(image?.files, [file]);
      const [first, hole] = inpainted?.files as [FormPart, FormPart];
      assert.deepEqual([first, hole.name, hole.mime], [file, 'mask', 'image/png']);
      assert.deepEqual((await ends(hole.bytes)).opaque, [false, true]);
      for (const { headers, bytes } of edits) assert.equal(Number(headers['content-length']), bytes.length);
    });
  }

  it('says what OpenAI is not sent, and keeps its usage', async () => {
    service.reply = answer([await image('png', 64, 64)], { usage: { total_tokens: 5 } });
    const openai = {
      ...node,
      model: 'gpt-image-1',
      responseFormat: 'b64_json',
      parameters: '{"background": "transparent", "input_fidelity": "high"}',
    };
    const flow = await loadFlow({
      node: openai,
      account: { service: 'openai', baseUrl: service.url },
      credentials: { apiKey },
    });
    const { out } = await flow.send({ payload: 'a fox' });
    assert.deepEqual(service.seen[0]?.json, {
      ...fields,
      model: 'gpt-image-1',
      background: 'transparent',
      input_fidelity: 'high',
    });
    assert.deepEqual(out[0]?.generation.usage, { total_tokens: 5 });
    for (const field of ['seed', 'response_format'])
      assert.ok(
        (out[0]?.generation.warnings as string[]).some((warning) => warning.includes(field)),
        field,
      );
  });

  it('leaves everything outside a mask as it was, whichever convention the mask follows', async () => {
    const payload = await sharp({
      create: {
        width: 64,
        height: 64,
        channels: 3,
        background: 'teal',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    })
      .png()
      .toBuffer();
    const white = await mask(64, 64);
    const transparent = await sharp(await image('png', 64, 64, 'black')).joinChannel(await sharp(white).extractChannel(0).negate().raw().toBuffer(), { raw: { width: 64, height: 64, channels: 1 } }).png().toBuffer(); // prettier-ignore
    const flow = await loadFlow({ account: { service: 'sandbox' } });
    const { out, caught } = await flow.send(
      { payload, prompt: 'a fox', mask: white },
      { payload, prompt: 'a fox', mask: transparent },
    );
    assert.deepEqual(caught.map(({ error }: AnyMessage) => error.message as string), []); // prettier-ignore
    const part = (bytes: Buffer, left: number): Promise<Buffer> =>
      sharp(bytes).removeAlpha().extract({ left, top: 0, width: 32, height: 64 }).raw().toBuffer();
    for (const { payload: made } of out as { payload: Buffer }[]) {
      assert.deepEqual(await part(made, 32), await part(payload, 32));
      assert.notDeepEqual(await part(made, 0), await part(payload, 0));
    }
    assert.equal(out.length, 2);
  });
});

describe('the built-in service in a flow', () => {
  afterEach(unload);

  it('says what model it is and that nothing was bought, with no word of it taken for its key', async () => {
    const flow = await loadFlow({ node: { model: 'sandbox/ink', size: '64x64' } });
    const [{ generation }] = (await flow.send({ payload: 'a fox' })).out as [AnyMessage];
    assert.deepEqual([generation.model, generation.paymentSource], ['sandbox/ink', 'sandbox']);
    assert.match(generation.requestId, /^sandbox-/);
  });
});

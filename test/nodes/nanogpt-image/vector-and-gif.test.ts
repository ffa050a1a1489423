import assert from 'node:assert/strict';
import { type AnyMessage, serve, unload } from '../../helpers/flow.js';
import { answer, image } from '../../helpers/images.js';

const drawing = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><script>globalThis.ran = true</script></svg>',
);

describe('an image node that asks for another output format', () => {
  afterEach(unload);

  for (const [format, mime, make] of [
    ['gif', 'image/gif', () => image('gif', 30, 20)],
    ['svg', 'image/svg+xml', () => Promise.resolve(drawing)],
  ] as const) {
    it(`sends ${format} on as it comes, with its type, size and a file name`, async () => {
      const bytes = await make();
      const account = { service: 'openai', model: 'gpt-image-2.6-flare' };
      const flow = await serve(answer([bytes]), { account, node: { outputFormat: format } });
      const { out } = await flow.send({ payload: 'a red fox' });
      const [{ payload, imageInfo, generation }] = out as [AnyMessage];
      assert.equal(flow.service.seen.at(-1)!.json.output_format, format);
      assert.ok(bytes.equals(payload as Buffer));
      const { width, height, extension } = imageInfo;
      assert.deepEqual([imageInfo.mime, extension, width, height], [mime, format, 30, 20]);
      assert.match(String(imageInfo.filename), new RegExp(`^a-red-fox-\\d{8}-\\d{6}\\.${format}$`));
      assert.deepEqual(generation.warnings, []);
    });
  }
});

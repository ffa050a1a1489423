import assert from 'node:assert/strict';
import { ImageError } from '../../../src/errors.js';
import { defaults } from '../../../nodes/nanogpt-image/config.js';
import { prepareFinish } from '../../../nodes/nanogpt-image/finish-images.js';
import { serve, unload } from '../../helpers/flow.js';
import { answer, image } from '../../helpers/images.js';

const isInvalid = (key: string) => (error: unknown) =>
  error instanceof ImageError && error.code === 'invalid_input' && error.key === key;

describe('images that are delivered', () => {
  afterEach(unload);

  it('stay byte for byte as they were received where nothing is set', async () => {
    const bytes = await image('jpeg', 60, 40);
    const flow = await serve(answer([bytes]));
    const { out } = await flow.send({ payload: 'a fox' });
    assert.deepEqual(out[0]?.payload, bytes);
  });

  it('have the size, type and mark of the settings, and say so', async () => {
    const node = { outputSize: '30x30', outputFit: 'cover', outputType: 'jpeg', mark: 'ai' };
    const flow = await serve(answer([await image('png', 60, 40)]), { node });
    const { out } = await flow.send({ payload: 'a fox' });
    const { mime, width, height, bytes } = out[0]!.imageInfo as Record<string, unknown>;
    const payload = out[0]!.payload as Buffer;
    assert.deepEqual([mime, width, height, bytes], ['image/jpeg', 30, 30, payload.length]);
    assert.match(payload.toString('latin1'), /trainedAlgorithmicMedia/);
  });

  for (const [settings, key] of [
    [{ outputSize: '800' }, 'bad_output_size'],
    [{ outputSize: '0x480' }, 'bad_output_size'],
    [{ outputType: 'gif' }, 'bad_choice'],
    [{ mark: 'yes' }, 'bad_choice'],
  ] as const) {
    it(`are refused before they are paid for with ${JSON.stringify(settings)}`, async () => {
      await assert.rejects(prepareFinish({ ...defaults, ...settings } as typeof defaults), isInvalid(key));
    });
  }

  it('are refused before they are paid for where sharp is needed and not there', async () => {
    const load = async (): Promise<undefined> => undefined;
    await assert.rejects(prepareFinish({ ...defaults, outputType: 'png' }, load), isInvalid('sharp_for_output'));
    await prepareFinish({ ...defaults, mark: 'ai' }, load);
  });
});

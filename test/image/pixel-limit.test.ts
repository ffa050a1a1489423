import assert from 'node:assert/strict';
import { ImageError } from '../../src/errors.js';
import type { InputImage } from '../../src/generation.js';
import { fitImages } from '../../src/image/fit-images.js';
import { avifFile } from '../helpers/image-files.js';
import { image } from '../helpers/images.js';
import { asImage, makeFitOptions } from '../helpers/photos.js';

const load = (): never => assert.fail('sharp was loaded');

const isTooLarge = (error: unknown): boolean =>
  error instanceof ImageError &&
  error.code === 'too_large' &&
  error.key === 'too_many_pixels' &&
  error.charged === 'no';

/** A PNG that announces another size than it has. */
async function announcing(width: number, height: number): Promise<InputImage> {
  const bytes = Buffer.from(await image('png'));
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return asImage(bytes);
}

describe('an image that announces more pixels than memory should hold', () => {
  for (const [what, make] of [
    ['an AVIF of 300 bytes with 8000x8000', () => asImage(avifFile({ width: 8000, height: 8000 }))],
    ['a PNG with 45000x45000', () => announcing(45_000, 45_000)],
    [
      'an interlaced PNG with 6000x6000',
      async () => ({ ...(await announcing(6000, 6000)), progressive: true as const }),
    ],
  ] as const) {
    it(`is refused before it is decoded or sent: ${what}`, async () => {
      const large = await make();
      const small = asImage(await image());
      await assert.rejects(fitImages({ images: [large] }, makeFitOptions(4_000_000, undefined, { load })), isTooLarge);
      await assert.rejects(
        fitImages({ images: [small, large] }, makeFitOptions(4_000_000, undefined, { load })),
        isTooLarge,
      );
      await assert.rejects(
        fitImages({ images: [small], mask: large }, makeFitOptions(4_000_000, undefined, { load })),
        isTooLarge,
      );
    });
  }

  it('is named with its megapixels and the limit of its format', async () => {
    await assert.rejects(
      fitImages({ images: [asImage(avifFile({ width: 8000, height: 8000 }), 'msg.image')] }, makeFitOptions(4_000_000)),
      /^msg\.image has 64 megapixels, more than the 8 /,
    );
  });
});

import assert from 'node:assert/strict';
import sharp from 'sharp';
import { ImageError } from '../../src/errors.js';
import { fitImages } from '../../src/image/fit-images.js';
import { formats, image } from '../helpers/images.js';
import { asImage, photo, makeFitOptions } from '../helpers/photos.js';

const roomy = 4_000_000;
const tight = 60_000;

const isCutOff = (error: unknown): boolean =>
  error instanceof ImageError && error.code === 'invalid_input' && error.key === 'image_cut_off';

describe('an image that is cut off', () => {
  for (const format of formats.filter((name) => name !== 'jpeg')) {
    it(`is refused as ${format}, whether it would be sent as it is or not`, async () => {
      const bytes = await image(format, 300, 200);
      const images = [asImage(bytes.subarray(0, bytes.length - 20))];
      for (const budget of [roomy, 100]) await assert.rejects(fitImages({ images }, makeFitOptions(budget)), isCutOff);
    });
  }

  describe('as a JPEG', () => {
    let whole: Buffer;
    let progressive: Buffer;
    before(async () => {
      whole = await (await photo(600, 450)).jpeg({ quality: 92 }).toBuffer();
      progressive = await sharp(whole).jpeg({ progressive: true }).toBuffer();
    });

    for (const share of [0.995, 0.9, 0.5]) {
      it(`is refused where ${share * 100} % of it are there`, async () => {
        for (const file of [whole, progressive]) {
          const images = [asImage(file.subarray(0, Math.floor(file.length * share)))];
          for (const budget of [roomy, tight])
            await assert.rejects(fitImages({ images }, makeFitOptions(budget)), isCutOff);
        }
      });
    }

    it('is sent with an end where only that is missing, and says so', async () => {
      const images = [asImage(whole.subarray(0, -2), 'camera.jpg')];
      const fitted = await fitImages({ images }, makeFitOptions(roomy));
      assert.deepEqual(fitted.images[0]?.bytes, whole);
      assert.match(
        fitted.warnings.map(({ message }) => message).join(),
        /^camera\.jpg lacks the marker that ends a JPEG/,
      );
    });

    it('is made smaller where only its end is missing', async () => {
      const images = [asImage(whole.subarray(0, -2))];
      const { images: made, warnings } = await fitImages({ images }, makeFitOptions(tight));
      assert.ok((made[0]?.bytes.length ?? tight) < tight);
      assert.deepEqual(
        warnings.map(({ key }) => key),
        ['image_end_missing', 'image_changed'],
      );
    });

    it('is turned where only its end is missing', async () => {
      const lying = await sharp(whole).withMetadata({ orientation: 6 }).jpeg().toBuffer();
      const { images } = await fitImages({ images: [asImage(lying.subarray(0, -2))] }, makeFitOptions(roomy));
      assert.deepEqual([images[0]?.width, images[0]?.height], [450, 600]);
    });

    it('is sent with an end added, without sharp, where what is missing cannot be told', async () => {
      const load = async (): Promise<undefined> => undefined;
      const images = [asImage(whole.subarray(0, -2))];
      const fitted = await fitImages({ images }, makeFitOptions(roomy, undefined, { load }));
      assert.deepEqual(fitted.images[0]?.bytes, whole);
      assert.equal(fitted.warnings.length, 1);
    });
  });

  it('is refused as a mask', async () => {
    const [input, mask] = [asImage(await image('png', 30, 20)), await image('png', 30, 20)];
    await assert.rejects(
      fitImages({ images: [input], mask: asImage(mask.subarray(0, -12)) }, makeFitOptions(roomy)),
      isCutOff,
    );
  });
});

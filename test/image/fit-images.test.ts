import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { openai } from '../../src/api/dialects/openai.js';
import { ImageError } from '../../src/errors.js';
import { fitImages } from '../../src/image/fit-images.js';
import { queueImageWork } from '../../src/image/image-queue.js';
import { asImage, bodyLength, corners, photo, quarters, makeFitOptions } from '../helpers/photos.js';

const roomy = 4_000_000;
const tight = 300_000;

describe('fitting images', () => {
  let snapshot: Buffer;
  before(async () => {
    snapshot = await (await photo(1200, 900)).jpeg({ quality: 95 }).toBuffer();
  });

  it('passes on what fits byte for byte, without sharp', async () => {
    const images = [asImage(snapshot)];
    const load = (): never => assert.fail('sharp was loaded');
    const fitted = await fitImages({ images }, makeFitOptions(roomy, undefined, { load }));
    assert.equal(fitted.images[0]?.bytes, snapshot);
    assert.deepEqual(fitted.warnings, []);
  });

  it('makes an image that is too large just fit, and says so', async () => {
    const fitted = await fitImages({ images: [asImage(snapshot, 'camera.jpg')] }, makeFitOptions(tight));
    assertJustFits(fitted, tight);
    const [made] = fitted.images;
    assert.match(fitted.warnings[0]?.message ?? '', /^camera\.jpg: 1200x900, 0\.\d MB -> \d+x\d+ JPEG, 0\.2 MB$/);
    assert.equal(made && asImage(made.bytes).width, made?.width);
  });

  it('takes quality before it takes pixels', async () => {
    const gentle = await fitImages(
      { images: [asImage(snapshot)] },
      makeFitOptions(bodyLength({ images: [asImage(snapshot)] }) * 0.7),
    );
    assert.deepEqual([gentle.images[0]?.width, gentle.images[0]?.height], [1200, 900]);
    const strict = await fitImages({ images: [asImage(snapshot)] }, makeFitOptions(60_000));
    assert.ok((strict.images[0]?.width ?? 0) < 1200);
    assertJustFits(strict, 60_000);
  });

  it('sends a 12-megapixel image upright in 4 MB', async () => {
    const quarter = await (await photo(2000, 1500)).png({ compressionLevel: 0 }).toBuffer();
    const camera = await sharp(quarter)
      .extend({ right: 2000, bottom: 1500, extendWith: 'repeat' })
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 96 })
      .toBuffer();
    const fitted = await fitImages({ images: [asImage(camera)] }, makeFitOptions(roomy));
    assertJustFits(fitted, roomy);
    const { width, height, orientation } = asImage(fitted.images[0]!.bytes);
    assert.ok(
      camera.length > 6e6 && height > width && orientation === undefined,
      `${camera.length} ${width}x${height} ${orientation}`,
    );
  });

  it('never writes to the bytes that came in', async () => {
    const copy = Buffer.from(snapshot);
    await fitImages({ images: [asImage(snapshot)] }, makeFitOptions(tight));
    assert.ok(copy.equals(snapshot));
  });

  it('reads a view into other memory', async () => {
    const memory = new Uint8Array(snapshot.length + 20).fill(7);
    memory.set(snapshot, 10);
    const fitted = await fitImages(
      { images: [asImage(memory.subarray(10, 10 + snapshot.length))] },
      makeFitOptions(tight),
    );
    assertJustFits(fitted, tight);
  });

  // Where the corners of the stored image are when it is seen (EXIF 2.3, 4.6.4).
  for (const [orientation, seen] of ['rgbw', 'grwb', 'wbgr', 'bwrg', 'rbgw', 'brwg', 'wgbr', 'gwrb'].map(
    (corner, index) => [index + 1, corner] as const,
  )) {
    it(`sends orientation ${orientation} as it is seen`, async () => {
      const stored = await quarters(60, 40).withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer();
      const { images, warnings } = await fitImages({ images: [asImage(stored)] }, makeFitOptions(roomy));
      assert.equal(await corners(images[0]!.bytes), seen);
      assert.deepEqual([images[0]?.width, images[0]?.height], orientation < 5 ? [60, 40] : [40, 60]);
      assert.equal(images[0]?.bytes === stored, orientation === 1);
      assert.equal(warnings.length, orientation === 1 ? 0 : 1);
    });
  }

  it('keeps what is transparent', async () => {
    const hole = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="360"><circle cx="240" cy="180" r="120"/></svg>',
    );
    const cut = (await photo(480, 360)).ensureAlpha().composite([{ input: hole, blend: 'dest-out' }]);
    const raw = await cut.raw().toBuffer();
    for (const format of ['png', 'webp'] as const) {
      const bytes = await sharp(raw, { raw: { width: 480, height: 360, channels: 4 } })
        .toFormat(format, { quality: 100 })
        .toBuffer();
      const fitted = await fitImages({ images: [asImage(bytes)] }, makeFitOptions(50_000));
      assertJustFits(fitted, 50_000);
      const [made] = fitted.images;
      assert.equal(made?.mime, `image/${format}`);
      const { data, info } = await sharp(made.bytes).raw().toBuffer({ resolveWithObject: true });
      const opacity = (x: number, y: number): number | undefined =>
        data[(Math.floor(info.height * y) * info.width + Math.floor(info.width * x)) * 4 + 3];
      assert.deepEqual([opacity(0.5, 0.5), opacity(0.05, 0.05)], [0, 255]);
    }
  });

  it('makes a JPEG of an opaque image whatever its channels', async () => {
    const bytes = await (await photo(800, 600)).ensureAlpha().png().toBuffer();
    const fitted = await fitImages({ images: [asImage(bytes)] }, makeFitOptions(tight));
    assert.equal(fitted.images[0]?.mime, 'image/jpeg');
    assertJustFits(fitted, tight);
  });

  it('packs a wasteful PNG better before it loses anything', async () => {
    const bytes = await quarters(400, 400).png({ compressionLevel: 0 }).toBuffer();
    const { images } = await fitImages({ images: [asImage(bytes)] }, makeFitOptions(bytes.length));
    assert.equal(images[0]?.mime, 'image/png');
    assert.equal(await corners(images[0].bytes), 'rgbw');
  });

  it('converts what the service does not take', async () => {
    const avif = await quarters(60, 40).avif({ quality: 90 }).toBuffer();
    const { images, warnings } = await fitImages({ images: [asImage(avif)] }, makeFitOptions(roomy));
    assert.equal(images[0]?.mime, 'image/jpeg');
    assert.equal(await corners(images[0].bytes), 'rgbw');
    assert.match(warnings[0]?.message ?? '', /^msg\.payload: 60x40 AVIF, .* kB -> 60x40 JPEG, /);
    const gif = await quarters(60, 40).gif().toBuffer();
    assert.equal(
      (await fitImages({ images: [asImage(gif)] }, makeFitOptions(roomy, openai))).images[0]?.mime,
      'image/png',
    );
    assert.equal((await fitImages({ images: [asImage(gif)] }, makeFitOptions(roomy))).images[0]?.bytes, gif);
  });

  it('divides the byte budget: small images stay, large ones share the rest', async () => {
    const small = await (await photo(200, 150)).jpeg().toBuffer();
    const portrait = await (await photo(900, 1200)).jpeg({ quality: 95 }).toBuffer();
    const fitted = await fitImages(
      { images: [snapshot, small, portrait].map((bytes, index) => asImage(bytes, `msg.payload[${index}]`)) },
      makeFitOptions(tight),
    );
    const [first, second, third] = fitted.images;
    assertJustFits(fitted, tight);
    assert.equal(second?.bytes, small);
    assert.deepEqual(
      fitted.warnings.map(({ params }) => params.field),
      ['msg.payload[0]', 'msg.payload[2]'],
    );
    const ratio = (first?.bytes.length ?? 0) / (third?.bytes.length ?? 1);
    assert.ok(ratio > 0.7 && ratio < 1.4, `shared ${ratio} to 1`);
  });

  it('has a larger byte budget in a form, which needs no base64', async () => {
    const [json, form] = await Promise.all([
      fitImages({ images: [asImage(snapshot)] }, makeFitOptions(tight)),
      fitImages({ images: [asImage(snapshot)] }, makeFitOptions(tight, openai)),
    ]);
    assertJustFits(form, tight, openai);
    assert.ok(form.images[0]!.bytes.length > json.images[0]!.bytes.length * 1.05);
  });

  it('ends as too large where nothing helps', async () => {
    await assert.rejects(
      fitImages({ images: [asImage(snapshot)] }, makeFitOptions(300)),
      isFailure('too_large', 'images_too_large'),
    );
    await assert.rejects(
      fitImages({ images: [asImage(snapshot)] }, makeFitOptions(10)),
      isFailure('too_large', 'images_too_large'),
    );
  });

  it('does not decode more pixels than the machine can hold', async () => {
    const bomb = { ...asImage(enlarged(await quarters(60, 40).png().toBuffer(), 11_000, 10_000)), orientation: 3 };
    await assert.rejects(
      fitImages({ images: [bomb] }, makeFitOptions(roomy)),
      isFailure('too_large', 'too_many_pixels'),
    );
    const liar = { ...bomb, width: 10, height: 10 };
    await assert.rejects(
      fitImages({ images: [liar] }, makeFitOptions(roomy)),
      isFailure('invalid_input', 'image_damaged'),
    );
  });

  it('says that a damaged image cannot be made smaller', async () => {
    const png = await (await photo(400, 300)).png().toBuffer();
    png.fill(7, 20_000, 21_000);
    await assert.rejects(
      fitImages({ images: [asImage(png)] }, makeFitOptions(50_000)),
      isFailure('invalid_input', 'image_damaged'),
    );
  });

  it('converts other colours to sRGB', async () => {
    const [red, green, blue] = [200, 60, 40];
    const colour = sharp({ create: { width: 64, height: 64, channels: 3, background: { r: red, g: green, b: blue } } });
    const wide = await colour.withIccProfile('p3').jpeg({ quality: 100 }).toBuffer();
    const { images } = await fitImages({ images: [{ ...asImage(wide), orientation: 2 }] }, makeFitOptions(roomy));
    const { icc } = await sharp(images[0]!.bytes).metadata();
    const [pixel] = [await sharp(images[0]!.bytes).raw().toBuffer()];
    assert.equal(icc, undefined);
    assert.ok(
      Math.abs((pixel[0] ?? 0) - red) < 6 &&
        Math.abs((pixel[1] ?? 0) - green) < 6 &&
        Math.abs((pixel[2] ?? 0) - blue) < 6,
      [...pixel.subarray(0, 3)].join(),
    );
  });

  describe('while another fit is under way', () => {
    it('rejects at once when aborted, and lets the next one in', async () => {
      let finish: (() => void) | undefined;
      const busy = queueImageWork(
        () => new Promise<void>((resolve) => (finish = resolve)),
        new AbortController().signal,
      );
      const { signal, ...controller } = abortable();
      const waiting = fitImages({ images: [asImage(snapshot)] }, makeFitOptions(tight, undefined, { signal }));
      const next = fitImages({ images: [asImage(snapshot)] }, makeFitOptions(tight));
      controller.abort(new Error('gone'));
      await assert.rejects(waiting, /gone/);
      finish?.();
      await busy;
      assertJustFits(await next, tight);
    });

    it('waits for its turn', async () => {
      const order: string[] = [];
      const { signal } = new AbortController();
      const task = (name: string) => async (): Promise<void> => {
        order.push(`${name} begins`);
        await sharp(snapshot).resize(10).toBuffer();
        order.push(`${name} ends`);
        if (name === 'first') throw new Error('failed');
      };
      await Promise.allSettled([queueImageWork(task('first'), signal), queueImageWork(task('second'), signal)]);
      assert.deepEqual(order, ['first begins', 'first ends', 'second begins', 'second ends']);
    });
  });

  describe('without sharp', () => {
    const load = async (): Promise<undefined> => undefined;

    it('ends as too large for what does not fit', async () => {
      await assert.rejects(
        fitImages({ images: [asImage(snapshot)] }, makeFitOptions(tight, undefined, { load })),
        (error) => isFailure('too_large', 'sharp_to_shrink')(error) && /sharp/.test(String(error)),
      );
    });

    it('refuses what the service does not take', async () => {
      const avif = await quarters(60, 40).avif().toBuffer();
      await assert.rejects(
        fitImages({ images: [asImage(avif)] }, makeFitOptions(roomy, undefined, { load })),
        isFailure('invalid_input', 'sharp_to_convert'),
      );
    });

    it('sends a turned image as it is, and says so', async () => {
      const turned = await quarters(60, 40).withMetadata({ orientation: 6 }).jpeg().toBuffer();
      const { images, warnings } = await fitImages(
        { images: [asImage(turned)] },
        makeFitOptions(roomy, undefined, { load }),
      );
      assert.equal(images[0]?.bytes, turned);
      assert.deepEqual(
        warnings.map(({ key }) => key),
        ['image_not_turned'],
      );
    });
  });
});

function assertJustFits(
  images: Parameters<typeof bodyLength>[0],
  room: number,
  dialect?: Parameters<typeof bodyLength>[1],
): void {
  const share = bodyLength(images, dialect) / room;
  assert.ok(share <= 1 && share > 0.7, `the request fills ${(share * 100).toFixed(1)} % of its room`);
}

/** A PNG whose header promises this size. */
function enlarged(png: Buffer, width: number, height: number): Buffer {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

function isFailure(code: string, key: string) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof ImageError, String(error));
    assert.deepEqual([error.code, error.key], [code, key]);
    return true;
  };
}

function abortable(): { signal: AbortSignal; abort(reason: Error): void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: (reason) => controller.abort(reason) };
}

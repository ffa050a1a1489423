import assert from 'node:assert/strict';
import sharp from 'sharp';
import { openai } from '../../src/api/dialects/openai.js';
import { ImageError } from '../../src/errors.js';
import type { InputImage } from '../../src/generation.js';
import { type FittedImages, fitImages } from '../../src/image/fit-images.js';
import { asImage, bodyLength, drawing, photo, quarters, makeFitOptions } from '../helpers/photos.js';

const roomy = 4_000_000;

/** The right half is to change. */
const right = '<rect x="60" width="60" height="80" fill="white"/>';
const black = '<rect width="120" height="80" fill="black"/>';
const halves = (more = ''): ReturnType<typeof drawing> => drawing(120, 80, black + right + more);

describe('a mask', () => {
  let image: InputImage;
  before(async () => {
    image = asImage(await quarters(120, 80).jpeg().toBuffer());
  });

  const send = async (bytes: Buffer, dialect = makeFitOptions(roomy)): Promise<FittedImages> =>
    fitImages({ images: [image], mask: asImage(bytes, 'msg.mask') }, dialect);
  const forOpenai = makeFitOptions(roomy, openai);

  for (const [what, make] of [
    ['black and white', () => halves().flatten().png()],
    ['black and white with an opacity that hides nothing', () => halves().png()],
    ['grey', () => halves().flatten().toColourspace('b-w').png()],
    ['of a palette', () => halves().flatten().png({ palette: true, colours: 2 })],
    [
      'with soft edges',
      () =>
        halves('<circle cx="30" cy="40" r="9" fill="white" shape-rendering="auto"/>')
          .flatten()
          .toColourspace('b-w')
          .png(),
    ],
  ] as const) {
    it(`that is right already is passed on byte for byte: ${what}`, async () => {
      const bytes = await make().toBuffer();
      const { mask, warnings } = await send(bytes);
      assert.equal(mask?.bytes, bytes);
      assert.deepEqual(warnings, []);
    });
  }

  it('with a hole is passed on byte for byte where transparent means change', async () => {
    const bytes = await drawing(120, 80, '<rect width="60" height="80" fill="black"/>').png().toBuffer();
    const { mask, warnings } = await send(bytes, forOpenai);
    assert.equal(mask?.bytes, bytes);
    assert.deepEqual(warnings, []);
  });

  for (const [what, strokes, marked] of [
    ['white strokes on nothing', '<rect width="40" height="80" fill="white"/>', 'painted'],
    ['red strokes on nothing', '<rect width="40" height="80" fill="red"/>', 'painted'],
    ['black on less than half', '<rect width="40" height="80" fill="black"/>', 'transparent'],
    ['white with a hole in less than half', '<rect width="80" height="80" fill="white"/>', 'transparent'],
    ['red with a hole in less than half', '<rect width="80" height="80" fill="red"/>', 'transparent'],
  ] as const) {
    it(`of ${what} changes what is ${marked}: strokes cover the smaller part and are not black, OpenAI's holes are the smaller part`, async () => {
      const { mask, warnings } = await send(await drawing(120, 80, strokes).png().toBuffer());
      const { data, info } = await sharp(mask!.bytes).greyscale().raw().toBuffer({ resolveWithObject: true });
      assert.equal((data[0] as number) >= 128, marked === 'painted');
      assert.equal((data[(info.width - 1) * info.channels] as number) >= 128, marked === 'transparent');
      assert.equal(
        warnings.some(({ key }) => key === 'mask_strokes'),
        marked === 'painted',
      );
    });
  }

  describe('comes out as the service wants it, whatever it came as:', () => {
    const hole = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="80"><rect x="60" width="60" height="80"/></svg>',
    );
    const cases: [what: string, make: () => Promise<Buffer>, warned: string[]][] = [
      ['black and white', () => halves().flatten().png().toBuffer(), []],
      ['8-bit grey', () => halves().flatten().toColourspace('b-w').png().toBuffer(), []],
      ['16-bit grey', () => halves().flatten().toColourspace('grey16').png().toBuffer(), []],
      ['a GIF', () => halves().gif().toBuffer(), []],
      ['a lossless WebP', () => halves().webp({ lossless: true }).toBuffer(), []],
      [
        'dark and light grey',
        () =>
          drawing(
            120,
            80,
            '<rect width="120" height="80" fill="#505050"/><rect x="60" width="60" height="80" fill="#b0b0b0"/>',
          )
            .png()
            .toBuffer(),
        ['mask_cleaned'],
      ],
      [
        'a JPEG',
        () => halves('<path d="M70 10L110 70" stroke="#eee"/>').flatten().jpeg({ quality: 40 }).toBuffer(),
        ['mask_cleaned'],
      ],
      ['black with a hole', () => drawing(120, 80, '<rect width="60" height="80" fill="black"/>').png().toBuffer(), []],
      ['red with a hole', () => drawing(120, 80, '<rect width="60" height="80" fill="red"/>').png().toBuffer(), []],
      [
        'the image with a hole',
        async () =>
          (await photo(120, 80))
            .ensureAlpha()
            .composite([{ input: hole, blend: 'dest-out' }])
            .png()
            .toBuffer(),
        [],
      ],
      [
        'white and black on nothing',
        () => drawing(120, 80, `<rect y="20" width="50" height="20" fill="black"/>${right}`).png().toBuffer(),
        [],
      ],
      [
        'smaller than the image',
        () => halves().flatten().resize(30, 20, { kernel: 'nearest' }).png().toBuffer(),
        ['mask_resized'],
      ],
      [
        'larger and of another shape',
        () => halves().flatten().resize(400, 400, { fit: 'fill', kernel: 'nearest' }).png().toBuffer(),
        ['mask_resized'],
      ],
      [
        'a small JPEG',
        () => halves().flatten().resize(60, 40).jpeg({ quality: 50 }).toBuffer(),
        ['mask_resized', 'mask_cleaned'],
      ],
    ];
    for (const [what, make, warned] of cases) {
      it(what, async () => {
        const bytes = await make();
        const [white, transparent] = [await send(bytes), await send(bytes, forOpenai)];
        await assertRightHalf(white.mask, 'white');
        await assertRightHalf(transparent.mask, 'transparent');
        const isPassed = white.mask?.bytes === bytes;
        assert.deepEqual(
          transparent.warnings.map(({ key }) => key),
          warned,
        );
        if (!isPassed)
          assert.deepEqual(
            white.warnings.map(({ key }) => key),
            warned,
          );
      });
    }
  });

  it('keeps its edges hard when it is made larger', async () => {
    const { mask } = await send(await halves().flatten().resize(6, 4, { kernel: 'nearest' }).png().toBuffer());
    const levels = new Set(await sharp(mask?.bytes).raw().toBuffer());
    assert.deepEqual([...levels].sort(), [0, 255]);
  });

  it('names both sizes when it is resized', async () => {
    const { warnings } = await send(await halves().flatten().resize(30, 20, { kernel: 'nearest' }).png().toBuffer());
    assert.equal(warnings[0]?.message, 'msg.mask: 30x20 -> 120x80, the size of the image');
  });

  for (const [what, svg, key] of [
    ['is all black', black, 'mask_empty'],
    ['is dark everywhere', '<rect width="120" height="80" fill="#444"/>', 'mask_empty'],
    ['is all white', '<rect width="120" height="80" fill="white"/>', 'mask_full'],
    ['is all transparent', '', 'mask_full'],
    ['is one see-through grey', '<rect width="120" height="80" fill="#999" opacity="0.9"/>', 'mask_full'],
  ] as const) {
    it(`is refused where it ${what}`, async () => {
      const bytes = await drawing(120, 80, svg).png().toBuffer();
      for (const room of [makeFitOptions(roomy), forOpenai]) await assert.rejects(send(bytes, room), isInvalid(key));
    });
  }

  it('is refused where it is cut off or damaged', async () => {
    const bytes = await drawing(120, 80, black + right)
      .png()
      .toBuffer();
    await assert.rejects(send(bytes.subarray(0, bytes.length - 40)), isInvalid('image_cut_off'));
    bytes.fill(7, bytes.length - 60, bytes.length - 20);
    await assert.rejects(send(bytes), isInvalid('image_damaged'));
  });

  it('follows an image that is made smaller', async () => {
    const large = asImage(await (await photo(1200, 800)).jpeg({ quality: 95 }).toBuffer());
    const mask = asImage(
      await halves().flatten().resize(1200, 800, { kernel: 'nearest' }).png().toBuffer(),
      'msg.mask',
    );
    for (const dialect of [undefined, openai]) {
      const fitted = await fitImages({ images: [large], mask }, makeFitOptions(60_000, dialect));
      const [made] = fitted.images;
      assert.ok(
        (made?.width ?? 0) < 1200 && fitted.mask?.width === made?.width && fitted.mask?.height === made?.height,
      );
      await assertRightHalf(fitted.mask, dialect ? 'transparent' : 'white');
      assert.deepEqual(
        fitted.warnings.map(({ key }) => key),
        ['image_changed'],
      );
      const share = bodyLength(fitted, dialect) / 60_000;
      assert.ok(share > 0.7 && share <= 1, `${share}`);
    }
  });

  it('that leaves too few bytes makes the image smaller', async () => {
    const large = asImage(await (await photo(1000, 800)).jpeg().toBuffer());
    const noise = sharp({
      create: {
        width: 1000,
        height: 800,
        channels: 3,
        background: 'grey',
        noise: { type: 'gaussian', mean: 128, sigma: 30 },
      },
    });
    const mask = asImage(await noise.greyscale().threshold(128).toColourspace('b-w').png().toBuffer(), 'msg.mask');
    const fitted = await fitImages({ images: [large], mask }, makeFitOptions(90_000));
    assert.ok(mask.bytes.length > 90_000 && bodyLength(fitted) <= 90_000);
    assert.deepEqual([fitted.mask?.width, fitted.mask?.height], [fitted.images[0]?.width, fitted.images[0]?.height]);
  });

  for (const [what, side] of [
    ['as it is seen', 'upright'],
    ['as it is stored', 'stored'],
  ] as const) {
    it(`goes with a turned image when it was painted over it ${what}`, async () => {
      const turned = asImage(await quarters(120, 80).withMetadata({ orientation: 6 }).jpeg().toBuffer());
      // The stored right half is the lower half when it is seen.
      const seen = drawing(80, 120, '<rect width="80" height="120"/><rect y="60" width="80" height="60" fill="white"/>')
        .flatten()
        .png();
      const bytes = await (side === 'stored' ? halves().flatten().png() : seen).toBuffer();
      const { mask, warnings } = await fitImages({ images: [turned], mask: asImage(bytes) }, makeFitOptions(roomy));
      const { data, info } = await sharp(mask?.bytes).extractChannel(0).raw().toBuffer({ resolveWithObject: true });
      assert.deepEqual([info.width, info.height], [80, 120]);
      assert.deepEqual([data[5 * 80 + 40], data[115 * 80 + 40]], [0, 255]);
      assert.deepEqual(
        warnings.map(({ key }) => key),
        ['image_changed'],
      );
    });
  }

  describe('without sharp', () => {
    const load = async (): Promise<undefined> => undefined;

    it('is passed on where it is a PNG as large as the image', async () => {
      const bytes = await halves().png().toBuffer();
      const { mask } = await send(bytes, makeFitOptions(roomy, undefined, { load }));
      assert.equal(mask?.bytes, bytes);
    });

    for (const [what, make, dialect] of [
      ['has another size', () => halves().resize(60).png().toBuffer(), undefined],
      ['is a JPEG', () => halves().jpeg().toBuffer(), undefined],
      ['has to become transparent', () => halves().png().toBuffer(), openai],
    ] as const) {
      it(`is refused where it ${what}`, async () => {
        await assert.rejects(send(await make(), makeFitOptions(roomy, dialect, { load })), isInvalid('sharp_for_mask'));
      });
    }
  });
});

/** All of the right half is to change and nothing of the left, in this convention. */
async function assertRightHalf(mask: InputImage | undefined, convention: 'white' | 'transparent'): Promise<void> {
  assert.equal(mask?.mime, 'image/png');
  const { hasAlpha } = await sharp(mask.bytes).metadata();
  if (convention === 'transparent') assert.ok(hasAlpha);
  const flat =
    convention === 'white'
      ? sharp(mask.bytes).flatten({ background: 'red' }).toColourspace('b-w')
      : sharp(mask.bytes).extractChannel('alpha').negate();
  const { data, info } = await flat.raw().toBuffer({ resolveWithObject: true });
  const wrong = [...data].filter((level, index) => {
    const isRight = (index % info.width) + 0.5 > info.width / 2;
    const isEdge = Math.abs((index % info.width) + 0.5 - info.width / 2) < 1.5;
    return !isEdge && level > 127 !== isRight;
  });
  assert.equal(wrong.length, 0);
}

function isInvalid(key: string) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof ImageError, String(error));
    assert.deepEqual([error.code, error.key], ['invalid_input', key]);
    return true;
  };
}

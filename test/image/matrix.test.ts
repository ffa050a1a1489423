import assert from 'node:assert/strict';
import sharp from 'sharp';
import { ImageError } from '../../src/errors.js';
import type { InputImage } from '../../src/generation.js';
import { fitImages } from '../../src/image/fit-images.js';
import { toInputImages } from '../../src/image/input-images.js';
import { inspect } from '../../src/image/inspect.js';
import { bodyLength, corners, drawing, photo, quarters, makeFitOptions } from '../helpers/photos.js';

const roomy = 4_000_000;

/** A real file, and what it is. */
interface Sample {
  what: string;
  make: () => Promise<Buffer>;
  mime: string;
  size: [width: number, height: number];
  /** Its corners, where they are not those of quarters; CMYK has no such green. */
  seen?: string;
}

const frames = async (): Promise<Buffer[]> =>
  Promise.all(
    [quarters(60, 40), drawing(60, 40, '<rect width="60" height="40" fill="red"/>')].map((frame) =>
      frame.png().toBuffer(),
    ),
  );
const after = async (bytes: Promise<Buffer>, tail: string): Promise<Buffer> =>
  Buffer.concat([await bytes, Buffer.from(tail)]);
const png = (): Promise<Buffer> => quarters(60, 40).flatten().png().toBuffer();
const jpeg = (): Promise<Buffer> => quarters(60, 40).jpeg({ quality: 95 }).toBuffer();

const samples: Sample[] = [
  { what: 'a PNG', make: png, mime: 'image/png', size: [60, 40] },
  {
    what: 'an interlaced PNG',
    make: () => quarters(60, 40).flatten().png({ progressive: true }).toBuffer(),
    mime: 'image/png',
    size: [60, 40],
  },
  {
    what: 'a PNG with a palette',
    make: () => quarters(60, 40).flatten().png({ palette: true }).toBuffer(),
    mime: 'image/png',
    size: [60, 40],
  },
  {
    what: 'a 16-bit PNG',
    make: () => quarters(60, 40).flatten().toColourspace('rgb16').png().toBuffer(),
    mime: 'image/png',
    size: [60, 40],
  },
  {
    what: 'a grey PNG',
    make: () =>
      drawing(60, 40, '<rect width="60" height="40" fill="white"/>').flatten().toColourspace('b-w').png().toBuffer(),
    mime: 'image/png',
    size: [60, 40],
    seen: 'wwww',
  },
  { what: 'a JPEG', make: jpeg, mime: 'image/jpeg', size: [60, 40] },
  {
    what: 'a progressive JPEG',
    make: () => quarters(60, 40).jpeg({ progressive: true, quality: 95 }).toBuffer(),
    mime: 'image/jpeg',
    size: [60, 40],
  },
  {
    what: 'a CMYK JPEG',
    make: () => quarters(60, 40).flatten().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(),
    mime: 'image/jpeg',
    size: [60, 40],
    seen: 'r?bw',
  },
  {
    what: 'a grey JPEG',
    make: () =>
      drawing(60, 40, '<rect width="60" height="40" fill="white"/>').flatten().toColourspace('b-w').jpeg().toBuffer(),
    mime: 'image/jpeg',
    size: [60, 40],
    seen: 'wwww',
  },
  {
    what: 'a WebP',
    make: () => quarters(60, 40).flatten().webp({ quality: 90 }).toBuffer(),
    mime: 'image/webp',
    size: [60, 40],
  },
  {
    what: 'a lossless WebP with opacity',
    make: () => quarters(60, 40).webp({ lossless: true }).toBuffer(),
    mime: 'image/webp',
    size: [60, 40],
  },
  {
    what: 'an animated WebP',
    make: async () =>
      sharp(await frames(), { join: { animated: true } })
        .webp({ lossless: true })
        .toBuffer(),
    mime: 'image/webp',
    size: [60, 40],
  },
  { what: 'a GIF', make: () => quarters(60, 40).gif().toBuffer(), mime: 'image/gif', size: [60, 40] },
  {
    what: 'an animated GIF',
    make: async () =>
      sharp(await frames(), { join: { animated: true } })
        .gif()
        .toBuffer(),
    mime: 'image/gif',
    size: [60, 40],
  },
  {
    what: 'an AVIF',
    make: () => quarters(60, 40).flatten().avif({ quality: 90 }).toBuffer(),
    mime: 'image/avif',
    size: [60, 40],
  },
  {
    what: 'a single pixel',
    make: () => drawing(1, 1, '<rect width="1" height="1" fill="red"/>').png().toBuffer(),
    mime: 'image/png',
    size: [1, 1],
    seen: 'rrrr',
  },
  {
    what: 'a strip of 20000x100',
    make: () => quarters(20_000, 100).flatten().png().toBuffer(),
    mime: 'image/png',
    size: [20_000, 100],
  },
  {
    what: 'a PNG that a page follows',
    make: () => after(png(), '<html><script>alert(1)</script></html>'),
    mime: 'image/png',
    size: [60, 40],
  },
  {
    what: 'a JPEG that an archive follows',
    make: () => after(jpeg(), 'PK\x03\x04archive'),
    mime: 'image/jpeg',
    size: [60, 40],
  },
];

const read = async (value: unknown): Promise<InputImage> =>
  (await toInputImages(value, 'msg.payload', () => assert.fail('nothing is fetched')))[0] as InputImage;

describe('images of every kind', () => {
  for (const { what, make, mime, size, seen = 'rgbw' } of samples) {
    describe(what, () => {
      let bytes: Buffer;
      before(async () => {
        bytes = await make();
      });

      it('is read from its header, whatever it is called', async () => {
        const image = await read(bytes);
        assert.deepEqual(
          { mime: image.mime, width: image.width, height: image.height },
          { mime, width: size[0], height: size[1] },
        );
        assert.equal(image.bytes, bytes);
        const misnamed = await read(
          `data:image/${mime === 'image/png' ? 'jpeg' : 'png'};base64,${bytes.toString('base64')}`,
        );
        assert.equal(misnamed.mime, mime);
      });

      it(mime === 'image/avif' ? 'is converted' : 'is sent byte for byte where it fits', async () => {
        const { images, warnings } = await fitImages({ images: [await read(bytes)] }, makeFitOptions(roomy));
        assert.equal(images[0]?.bytes === bytes, mime !== 'image/avif');
        assert.equal(warnings.length, mime === 'image/avif' ? 1 : 0);
      });

      it('is still the same image when it had to be encoded again', async () => {
        const { images, warnings } = await fitImages(
          { images: [{ ...(await read(bytes)), orientation: 1 }] },
          makeFitOptions(roomy, undefined, {
            rules: {
              formats: ['image/tiff', 'image/jpeg', 'image/png'].filter((format) => format !== mime),
              mask: 'white',
            },
          }),
        );
        const [made] = images as [InputImage];
        assert.notEqual(made.mime, mime);
        assert.deepEqual([made.width, made.height], size);
        assert.equal(await seenIn(made.bytes, size), seen);
        assert.equal(warnings.length, 1);
        const { space, depth } = await sharp(made.bytes).metadata();
        assert.deepEqual([space, depth], ['srgb', 'uchar']);
      });
    });
  }

  it('a strip of 20000x100 that does not fit keeps its shape', async () => {
    const bytes = await (await photo(20_000, 100)).jpeg({ quality: 95 }).toBuffer();
    const fitted = await fitImages({ images: [await read(bytes)] }, makeFitOptions(200_000));
    const [made] = fitted.images as [InputImage];
    assert.ok(
      bodyLength(fitted) <= 200_000 && Math.abs(made.width / made.height - 200) < 5,
      `${made.width}x${made.height}`,
    );
  });

  describe('that are cut off', () => {
    for (const { what, make } of samples.slice(0, -2)) {
      it(`as ${what} are refused when they have to be decoded, or sent as they are`, async () => {
        const bytes = await make();
        const cut = bytes.subarray(0, Math.floor(bytes.length * 0.7));
        const outcome = await read(cut)
          .then((image) =>
            fitImages(
              { images: [image] },
              makeFitOptions(0, undefined, { rules: { formats: ['image/none'], mask: 'white' } }),
            ),
          )
          .then(
            () => 'made',
            (error: unknown) => (error instanceof ImageError ? error.code : String(error)),
          );
        assert.ok(['invalid_input', 'made'].includes(outcome), outcome);
      });
    }

    it('have their own size or none, wherever they are cut', async () => {
      for (const { what, make, size } of samples) {
        const bytes = await make();
        const seen = new Set(
          Array.from({ length: 1500 }, (_, length) => inspect(bytes.subarray(0, length))).map(
            (header) => header && `${header.width}x${header.height}`,
          ),
        );
        assert.ok(
          [...seen].every((found) => found === undefined || found === size.join('x')),
          `${what}: ${[...seen].join()}`,
        );
        assert.equal(inspect(bytes.subarray(0, 9)), undefined);
      }
    });
  });

  for (const [what, bytes, key] of [
    ['a page', Buffer.from('<html><img src="data:image/png;base64,iVBORw0KGgo="></html>'), 'not_an_image'],
    ['a PDF', Buffer.from('%PDF-1.7 \xff\xd8\xff', 'latin1'), 'not_an_image'],
    ['a film', Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'), 'not_an_image'],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>'), 'format_not_taken'],
  ] as const) {
    it(`${what} is refused`, async () => {
      await assert.rejects(
        read(bytes),
        (error) => error instanceof ImageError && error.code === 'invalid_input' && error.key === key,
      );
    });
  }

  it('an image of a phone (HEIC) is refused by its name', async () => {
    const avif = await quarters(60, 40).avif().toBuffer();
    const heic = Buffer.from(
      avif.toString('latin1').replace('ftypavif', 'ftypheic').replace('mif1avif', 'mif1heic'),
      'latin1',
    );
    await assert.rejects(read(heic), /msg\.payload is image\/heic/);
  });

  it('an AVIF whose first brand is that of its container is one', async () => {
    const avif = await quarters(60, 40).avif().toBuffer();
    assert.equal(
      (await read(Buffer.from(avif.toString('latin1').replace('ftypavif', 'ftypmif1'), 'latin1'))).mime,
      'image/avif',
    );
  });

  for (const [address, name] of [
    ['http://camera.lan/yard/snapshot.JPG?t=1', 'snapshot.JPG'],
    ['http://camera.lan/cgi-bin/snapshot', 'msg.payload'],
  ] as const) {
    it(`from ${address} are called ${name}`, async () => {
      const [image] = await toInputImages(address, 'msg.payload', jpeg);
      assert.equal(image?.name, name);
    });
  }
});

/** Corners as in `corners`, also of an image too small to have any. */
async function seenIn(bytes: Uint8Array, [width, height]: [number, number]): Promise<string> {
  return corners(
    width < 9 || height < 9 ? await sharp(bytes).resize(9, 9, { kernel: 'nearest' }).png().toBuffer() : bytes,
  );
}

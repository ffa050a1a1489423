import assert from 'node:assert/strict';
import sharp from 'sharp';
import { type Service, dataUrl, distance, drawing, pixels, startService } from './call.js';

describe('edits by the built-in service', () => {
  let service: Service;
  let photo: Buffer;
  before(async () => {
    service = await startService();
    photo = await drawing(
      120,
      80,
      '<rect width="120" height="80" fill="#e8b04b"/><circle cx="40" cy="40" r="25" fill="#2d6a4f"/>',
    );
  });
  after(() => service.close());

  it('have the size of the input where none is named', async () => {
    const { body } = await service.post({ prompt: 'winter night', imageDataUrl: dataUrl(photo) });
    const { width, height } = await sharp(Buffer.from(body.data[0].b64_json, 'base64')).metadata();
    assert.deepEqual([width, height], [120, 80]);
  });

  it('move away from the input with strength', async () => {
    const at = async (strength: number): Promise<number> => {
      const [made] = await service.images({
        prompt: 'winter night',
        seed: 2,
        imageDataUrl: dataUrl(photo),
        strength,
        size: '120x80',
      });
      return distance(made as Buffer, photo);
    };
    const [none, low, high] = [await at(0), await at(0.1), await at(0.9)];
    assert.ok(none < 1, `strength 0 differs by ${none}`);
    assert.ok(low < high / 3, `${low} against ${high}`);
    assert.ok(high > 15);
  });

  it('paint the same bytes for the same seed', async () => {
    const request = { prompt: 'sunset', seed: 5, imageDataUrl: dataUrl(photo) };
    assert.deepEqual(await service.images(request), await service.images(request));
  });

  it('show every one of several inputs, side by side', async () => {
    const [red, blue] = [
      await drawing(64, 64, '<rect width="64" height="64" fill="#ff0000"/>'),
      await drawing(90, 70, '<rect width="90" height="70" fill="#0000ff"/>'),
    ];
    const [made] = await service.images({
      prompt: 'hills',
      imageDataUrls: [dataUrl(red), dataUrl(blue)],
      strength: 0,
      size: '64x64',
    });
    const raw = await pixels(made as Buffer);
    assert.deepEqual([...raw.subarray(0, 3)], [255, 0, 0]);
    assert.deepEqual([...raw.subarray(63 * 4, 63 * 4 + 3)], [0, 0, 255]);
  });

  for (const format of ['jpeg', 'webp', 'gif'] as const) {
    it(`take a ${format}`, async () => {
      const input = await sharp(photo).toFormat(format).toBuffer();
      const { status } = await service.post({
        prompt: 'hills',
        imageDataUrl: `data:image/${format};base64,${input.toString('base64')}`,
      });
      assert.equal(status, 200);
    });
  }

  it('turn an image upright by its EXIF orientation', async () => {
    const turned = await sharp(photo).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { body } = await service.post({
      prompt: 'hills',
      imageDataUrl: `data:image/jpeg;base64,${turned.toString('base64')}`,
    });
    const { width, height } = await sharp(Buffer.from(body.data[0].b64_json, 'base64')).metadata();
    assert.deepEqual([width, height], [80, 120]);
  });

  describe('inside a mask', () => {
    const box = { left: 30, top: 10, right: 90, bottom: 60 };
    const inside = (index: number): boolean => {
      const [x, y] = [index % 120, Math.floor(index / 120)];
      return x >= box.left && x < box.right && y >= box.top && y < box.bottom;
    };

    for (const [kind, shapes] of [
      ['an opaque', '<rect width="120" height="80" fill="#e8b04b"/><circle cx="40" cy="40" r="25" fill="#2d6a4f"/>'],
      ['a half transparent', '<circle cx="60" cy="40" r="35" fill="#2d6a4f" fill-opacity="0.4"/>'],
    ] as const) {
      it(`leave every pixel outside the white of ${kind} image as it was, and change those inside`, async () => {
        const input = await drawing(120, 80, shapes);
        const mask = await drawing(
          120,
          80,
          `<rect width="120" height="80"/><rect x="${box.left}" y="${box.top}" width="60" height="50" fill="#ffffff" shape-rendering="crispEdges"/>`,
        );
        const { body } = await service.post({
          prompt: 'a cat',
          imageDataUrl: dataUrl(input),
          maskDataUrl: dataUrl(mask),
          output_format: 'jpeg',
          seed: 1,
        });
        const made = Buffer.from(body.data[0].b64_json, 'base64');
        assert.equal((await sharp(made).metadata()).format, 'png');
        const [before, after] = [await pixels(input), await pixels(made)];
        const changed = Array.from(
          { length: 120 * 80 },
          (_, index) => before.readUInt32LE(index * 4) !== after.readUInt32LE(index * 4),
        );
        assert.deepEqual(changed.filter((value, index) => value && !inside(index)).length, 0);
        assert.ok(changed.filter((value, index) => value && inside(index)).length > 2700);
      });
    }

    it('fit a mask of another size', async () => {
      const mask = await drawing(60, 40, '<rect width="60" height="40"/><rect width="30" height="40" fill="#ffffff"/>');
      const { status, body } = await service.post({
        prompt: 'a cat',
        imageDataUrl: dataUrl(photo),
        maskDataUrl: dataUrl(mask),
      });
      assert.equal(status, 200);
      const [before, after] = [await pixels(photo), await pixels(Buffer.from(body.data[0].b64_json, 'base64'))];
      assert.deepEqual(after.subarray(61 * 4, 120 * 4), before.subarray(61 * 4, 120 * 4));
    });

    it('change nothing where the mask is black', async () => {
      const mask = await drawing(120, 80, '<rect width="120" height="80"/>');
      const { body } = await service.post({
        prompt: 'a cat',
        imageDataUrl: dataUrl(photo),
        maskDataUrl: dataUrl(mask),
      });
      assert.deepEqual(await pixels(Buffer.from(body.data[0].b64_json, 'base64')), await pixels(photo));
    });
  });
});

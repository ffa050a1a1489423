import assert from 'node:assert/strict';
import sharp from 'sharp';
import { inspect } from '../../src/image/inspect.js';
import { formats, image, turned } from '../helpers/images.js';

describe('the header of an image', () => {
  for (const format of formats) {
    for (const [width, height] of [
      [1, 1],
      [300, 200],
      [64, 1000],
    ] as const) {
      it(`tells that this ${format} has ${width}x${height}`, async () => {
        const { mime, extension, ...size } = inspect(await image(format, width, height))!;
        assert.deepEqual(
          [mime, extension, size.width, size.height],
          [`image/${format}`, format === 'jpeg' ? 'jpg' : format, width, height],
        );
      });
    }
  }

  it('tells the size of an SVG, behind declaration and remark', () => {
    const svg =
      '<?xml version="1.0"?>\n<!-- made by hand -->\n<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>';
    assert.deepEqual(inspect(Buffer.from(svg)), {
      mime: 'image/svg+xml',
      extension: 'svg',
      width: 30,
      height: 20,
      complete: true,
    });
  });

  for (const options of [{ lossless: true }, { quality: 50 }]) {
    it(`tells a WebP made with ${JSON.stringify(options)}`, async () => {
      const bytes = await sharp({ create: { width: 12, height: 9, channels: 4, background: '#0a08' } })
        .webp(options)
        .toBuffer();
      assert.deepEqual(inspect(bytes), {
        mime: 'image/webp',
        extension: 'webp',
        width: 12,
        height: 9,
        complete: true,
      });
    });
  }

  for (const orientation of [1, 3, 6, 8]) {
    it(`tells the EXIF orientation ${orientation}`, async () => {
      const { width, height, orientation: found } = inspect(await turned(orientation))!;
      assert.deepEqual([width, height, found], [6, 4, orientation]);
    });
  }

  it('is read from a Uint8Array within a larger memory', async () => {
    const bytes = await image('jpeg');
    const memory = new Uint8Array(bytes.length + 20);
    memory.set(bytes, 7);
    assert.equal(inspect(memory.subarray(7, 7 + bytes.length))?.mime, 'image/jpeg');
  });

  it('is none in anything else', () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('hello'),
      Buffer.from('<html><svg></svg></html>'),
      Buffer.from('BM'.padEnd(60)),
      Buffer.from('II*\0'.padEnd(60)),
      Buffer.alloc(5000, 0xff),
    ]) {
      assert.equal(inspect(bytes), undefined);
    }
  });

  for (const format of formats) {
    it(`of a ${format} that is cut off anywhere never throws`, async () => {
      const bytes = await image(format);
      for (let length = 0; length < bytes.length; length += Math.ceil(bytes.length / 200)) {
        const found = inspect(bytes.subarray(0, length));
        if (found) assert.equal(found.mime, `image/${format}`);
      }
      assert.equal(inspect(bytes.subarray(0, 9)), undefined);
    });
  }
});

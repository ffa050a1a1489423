import assert from 'node:assert/strict';
import sharp from 'sharp';
import { inspect } from '../../../src/image/inspect.js';
import { chunk, exif, latin1, uint32 } from '../../helpers/image-files.js';
import { type Format, formats, image } from '../../helpers/images.js';

const plain = (): ReturnType<typeof sharp> =>
  sharp({ create: { width: 30, height: 20, channels: 3, background: 'olive' } });

const bitmap = (height: number, length = 54 + 92 * 20): Buffer => {
  const bytes = Buffer.alloc(length);
  bytes.write('BM');
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(30, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(24, 28);
  return bytes;
};

describe('the header of a less common file', () => {
  for (const [what, make, mime] of [
    ['a TIFF', () => plain().tiff().toBuffer(), 'image/tiff'],
    ['a BigTIFF', () => plain().tiff({ bigtiff: true }).toBuffer(), 'image/tiff'],
    ['a bitmap', () => bitmap(20), 'image/bmp'],
    ['a bitmap that is stored from the top', () => bitmap(-20), 'image/bmp'],
  ] as const) {
    it(`is read of ${what}`, async () => {
      const header = inspect(await make())!;
      assert.deepEqual([header.mime, header.width, header.height, header.complete], [mime, 30, 20, true]);
    });
  }

  it('is read of an icon with several images', () => {
    const entry = (width: number, at: number): number[] => [width, width, 0, 0, 1, 0, 32, 0, 10, 0, 0, 0, at, 0, 0, 0];
    const bytes = Buffer.from([0, 0, 1, 0, 2, 0, ...entry(16, 38), ...entry(0, 48), ...Buffer.alloc(20)]);
    assert.deepEqual(inspect(bytes), {
      mime: 'image/x-icon',
      extension: 'ico',
      width: 256,
      height: 256,
      complete: true,
    });
    assert.equal(inspect(bytes.subarray(0, -1))?.complete, false);
  });

  it('is read of a JPEG XL, bare and in a container', () => {
    // Not small: 2 bits choose 9 bits for the height less one (99), then ratio 2:1 (7).
    const bits = '0' + '00' + [...(99).toString(2).padStart(9, '0')].reverse().join('') + '111' + '1';
    const stream = Buffer.from([
      0xff,
      0x0a,
      ...bits
        .padEnd(88, '0')
        .match(/.{1,8}/g)!
        .map((byte) => parseInt([...byte].reverse().join(''), 2)),
    ]);
    const container = Buffer.concat([
      latin1('\0\0\0\x0cJXL \r\n\x87\n'),
      uint32(8 + stream.length),
      latin1('jxlc'),
      stream,
    ]);
    for (const bytes of [stream, container]) {
      assert.deepEqual(inspect(bytes), {
        mime: 'image/jxl',
        extension: 'jxl',
        width: 200,
        height: 100,
        complete: true,
      });
    }
    assert.equal(inspect(container.subarray(0, -1))?.complete, false);
  });
});

describe('orientation', () => {
  it('is read from a PNG, before and behind the image data', async () => {
    const png = await image('png', 30, 20);
    const [head, body, end] = [png.subarray(0, 33), png.subarray(33, -12), png.subarray(-12)];
    const exifChunk = chunk('eXIf', exif(6, { isBigEndian: true }));
    assert.equal(inspect(Buffer.concat([head, exifChunk, body, end]))?.orientation, 6);
    assert.equal(inspect(Buffer.concat([head, body, exifChunk, end]))?.orientation, 6);
  });

  for (const options of [{ lossless: true }, { quality: 80 }]) {
    it(`is read from a WebP made with ${JSON.stringify(options)}`, async () => {
      const { width, height, orientation } = inspect(
        await plain().withMetadata({ orientation: 8 }).webp(options).toBuffer(),
      )!;
      assert.deepEqual([width, height, orientation], [30, 20, 8]);
    });
  }
});

describe('a file that is cut off', () => {
  for (const format of formats) {
    it(`is told as ${format}, and a whole one is not`, async () => {
      const bytes = await image(format, 60, 40);
      assert.equal(inspect(bytes)?.complete, true);
      assert.equal(inspect(Buffer.concat([bytes, Buffer.alloc(100)]))?.complete, true);
      const short = bytes.subarray(0, bytes.length - least[format]);
      assert.equal(inspect(short)?.complete, false);
    });
  }

  it('is no GIF that only lacks its trailer', async () => {
    assert.equal(inspect((await image('gif', 60, 40)).subarray(0, -1))?.complete, true);
  });
});

/** How many bytes less are noticed. */
const least: Record<Format, number> = { png: 12, jpeg: 2, webp: 2, gif: 2, avif: 1 };

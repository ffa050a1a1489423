import assert from 'node:assert/strict';
import { inspect } from '../../../src/image/inspect.js';
import { assemble, dissect, exifSegment, latin1, segment } from '../../helpers/image-files.js';
import { image } from '../../helpers/images.js';

const fill = Buffer.from([0xff, 0xff]);

describe('the header of a JPEG', () => {
  let whole: Buffer;
  let segments: Buffer[];
  let rest: Buffer;
  before(async () => {
    whole = await image('jpeg', 30, 20);
    ({ segments, rest } = dissect(whole));
  });

  const isFrame = (part: Buffer): boolean => part[1] === 0xc0;

  for (const [what, make] of [
    ['fill bytes before every marker', () => assemble(...segments.flatMap((part) => [fill, part]), rest)],
    [
      'the frame as its first segment',
      () => assemble(...segments.filter(isFrame), ...segments.filter((part) => !isFrame(part)), rest),
    ],
    [
      'stray bytes between segments',
      () => assemble(...segments.flatMap((part) => [part, latin1('stray\xff\0')]), rest),
    ],
    [
      'a megabyte of other segments before the frame',
      () => assemble(...Array.from({ length: 16 }, () => segment(0xe2, Buffer.alloc(65_000))), ...segments, rest),
    ],
    ['another file behind its end', () => Buffer.concat([whole, Buffer.alloc(3_500_000, 0x41)])],
  ] as const) {
    it(`is read where there are ${what}`, () => {
      const { width, height, complete } = inspect(make())!;
      assert.deepEqual([width, height, complete], [30, 20, true]);
    });
  }

  for (const [what, options] of [
    ['little-endian', {}],
    ['big-endian', { isBigEndian: true }],
    ['with a directory that stands far behind', { at: 5000 }],
    ['as a LONG', { type: 4 }],
    ['as a big-endian LONG', { type: 4, isBigEndian: true }],
  ] as const) {
    it(`tells an orientation that is written ${what}`, () => {
      assert.equal(inspect(assemble(exifSegment(6, options), ...segments, rest))?.orientation, 6);
      assert.equal(inspect(assemble(...segments, exifSegment(6, options), rest))?.orientation, 6);
    });
  }

  it('takes no orientation from what cameras write that know none', () => {
    assert.equal(inspect(assemble(exifSegment(0), ...segments, rest))?.orientation, undefined);
    assert.equal(inspect(assemble(exifSegment(9), ...segments, rest))?.orientation, undefined);
  });

  it('tells a progressive one', async () => {
    const sharp = (await import('sharp')).default;
    assert.equal(inspect(await sharp(whole).jpeg({ progressive: true }).toBuffer())?.progressive, true);
    assert.equal(inspect(whole)?.progressive, undefined);
  });

  it('tells one that is cut off', () => {
    assert.equal(inspect(whole.subarray(0, -2))?.complete, false);
    assert.equal(inspect(assemble(...segments))?.complete, false);
    assert.equal(inspect(assemble(segment(0xe1, whole), ...segments, rest.subarray(0, -2)))?.complete, false);
  });
});

import assert from 'node:assert/strict';
import { inspect } from '../../../src/image/inspect.js';
import { uprightSize } from '../../../src/image/orientation.js';
import { avifFile, box, latin1, uint32 } from '../../helpers/image-files.js';
import { image } from '../../helpers/images.js';

const turn = (quarters: number): Buffer => box('irot', Buffer.from([quarters]));
const mirror = (axis: number): Buffer => box('imir', Buffer.from([axis]));
const crop = (width: number, height: number): Buffer => box('clap', ...[width, 1, height, 1, 0, 1, 0, 1].map(uint32));

describe('the header of an AVIF', () => {
  // What each pair of boxes comes to in the orientations of EXIF (libavif writes and reads them so).
  for (const [quarters, axis, orientation] of [
    [0, 0, 4],
    [0, 1, 2],
    [1, 0, 5],
    [1, 1, 7],
    [2, 0, 2],
    [2, 1, 4],
    [3, 0, 7],
    [3, 1, 5],
  ] as const) {
    it(`turned ${quarters} times to the left and mirrored on axis ${axis} has orientation ${orientation}`, () => {
      assert.equal(inspect(avifFile({ properties: [turn(quarters), mirror(axis)] }))?.orientation, orientation);
    });
  }

  it('tells the size of the image that is shown, not of another in the file', () => {
    const { mime, width, height, orientation } = inspect(avifFile())!;
    assert.deepEqual([mime, width, height, orientation], ['image/avif', 60, 40, undefined]);
  });

  it('tells the size that is left of a crop', () => {
    const header = inspect(avifFile({ properties: [crop(50, 30), turn(3)] }))!;
    assert.deepEqual([uprightSize(header), header.orientation], [{ width: 30, height: 50 }, 6]);
  });

  it('tells one that is cut off', async () => {
    const bytes = await image('avif', 60, 40);
    assert.equal(inspect(bytes)?.complete, true);
    assert.equal(inspect(bytes.subarray(0, -10))?.complete, false);
    assert.equal(inspect(avifFile().subarray(0, -58))?.complete, false);
  });

  it('is that of a HEIC where it is not coded as AV1', () => {
    const heic = latin1(avifFile().toString('latin1').replace('ftypavif', 'ftypheic').replace('mif1avif', 'mif1heic'));
    assert.equal(inspect(heic)?.mime, 'image/heic');
  });
});

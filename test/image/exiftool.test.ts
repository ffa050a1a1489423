import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inspect } from '../../src/image/inspect.js';
import { type MarkOptions, markImage } from '../../src/image/marks/mark-image.js';
import { image } from '../helpers/images.js';
import { temporaryFolder } from '../helpers/packed.js';

const options: MarkOptions = {
  mark: 'settings',
  isEdit: false,
  system: 'flux (nanogpt)',
  settings: { prompt: 'a <fox> & a 狐', negativePrompt: 'snow', steps: 20, seed: 7, model: 'flux' },
};
const madeByAi = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
const parameters = 'a <fox> & a 狐\nNegative prompt: snow\nSteps: 20, Seed: 7, Size: 60x40, Model: flux';

describe('exiftool', () => {
  before(function () {
    if (spawnSync('exiftool', ['-ver']).status === 0) return;
    console.log('    exiftool is not installed (Debian: libimage-exiftool-perl): what it reads is not tested.');
    this.skip();
  });

  for (const [format, settings] of [
    ['png', 'PNG:Parameters'],
    ['jpeg', 'ExifIFD:UserComment'],
    ['webp', 'ExifIFD:UserComment'],
  ] as const) {
    it(`reads what the marks of a ${format} say, without a warning`, async () => {
      const bytes = await image(format, 60, 40);
      const { mime, extension, width, height } = inspect(bytes)!;
      const { image: marked } = markImage({ bytes, mime, extension, width, height }, options);
      const file = join(temporaryFolder(), `marked.${extension}`);
      await writeFile(file, marked.bytes);
      const { stdout } = await promisify(execFile)('exiftool', ['-j', '-G1', file]); // prettier-ignore
      const [tags] = JSON.parse(stdout) as [Record<string, unknown>];
      assert.equal(tags['XMP-iptcExt:DigitalSourceType'], madeByAi);
      assert.equal(tags['XMP-iptcExt:AISystemUsed'], options.system);
      assert.equal(tags['XMP-iptcExt:AIPromptInformation'], options.settings.prompt);
      assert.equal(tags[settings], parameters);
      assert.deepEqual(Object.keys(tags).filter((tag) => /Warning|Error/.test(tag)), [], stdout); // prettier-ignore
    });
  }
});

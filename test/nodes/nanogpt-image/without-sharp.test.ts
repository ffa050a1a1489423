import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { answer, image } from '../../helpers/images.js';
import { startService } from '../../helpers/service.js';

describe('nanogpt-image on a machine that sharp has no build for', () => {
  it('makes images from text and from images that already fit', async () => {
    const bytes = await image();
    const service = await startService(answer([bytes]));
    const program = join(__dirname, 'without-sharp.ts');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--require', 'tsx', program, service.url, bytes.toString('base64')],
      { timeout: 9000 },
    );
    assert.deepEqual(JSON.parse(stdout.trim().split('\n').at(-1)!), {
      isThere: false,
      made: [bytes.toString('base64'), bytes.toString('base64')],
      failed: [],
    });
    assert.equal(service.seen.length, 2);
  });
});

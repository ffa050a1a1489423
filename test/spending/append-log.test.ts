import assert from 'node:assert/strict';
import fs from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mock } from 'node:test';
import { AppendLog } from '../../src/spending/append-log.js';
import { temporaryFolder } from '../helpers/packed.js';

type Write = (descriptor: number, bytes: Buffer, done: (error: Error | null, written: number) => void) => void;

describe('an append log', () => {
  afterEach(() => mock.restoreAll());

  it('takes a line torn by a full disk neither for the work of another process nor for a part of the next one', async () => {
    const path = join(temporaryFolder(), 'log');
    const interference: string[] = [];
    const log = new AppendLog(path, (what) => interference.push(what));
    await log.append('before\n');
    let next: Promise<void> | undefined;
    const write = fs.write as Write;
    const takeFour: Write = (descriptor, bytes, done) => write(descriptor, bytes.subarray(0, 4), done);
    const refuse: Write = (_descriptor, _bytes, done) => {
      mocked.mock.restore();
      next = log.append('after\n');
      done(new Error('ENOSPC'), 0);
    };
    const mocked = mock.method(fs, 'write', takeFour);
    mocked.mock.mockImplementationOnce(refuse, 1);
    await assert.rejects(log.append('full: this is lost\n'), /ENOSPC/);
    await next;
    await log.close();
    assert.equal(await readFile(path, 'utf8'), 'before\nfull\nafter\n');
    assert.deepEqual(interference, []);
  });
});

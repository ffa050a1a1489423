import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../helpers/packed.js';

type Packages = Record<string, { version: string; optional?: boolean }>;

const asked: Packages = {
  '': { version: '0.1.0' },
  'node_modules/hono': { version: '4.0.0' },
  'node_modules/sharp-for-another-machine': { version: '1.0.0', optional: true },
};

describe('the check whether to install', () => {
  let folder: string;
  let isInstalled: (folder: string) => boolean;
  before(async () => {
    ({ isInstalled } = (await import(pathToFileURL(join(root, 'scripts/install.mjs')).href)) as {
      isInstalled: typeof isInstalled;
    });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nanogpt-install-'));
    mkdirSync(join(folder, 'node_modules/hono'), { recursive: true });
    lock('package-lock.json', asked);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const lock = (path: string, packages: Packages): void =>
    writeFileSync(join(folder, path), JSON.stringify({ packages }));
  const present = (packages: Packages): void => lock('node_modules/.package-lock.json', packages);

  it('finds nothing in a fresh clone', () => {
    assert.equal(isInstalled(folder), false);
  });

  it('is content without optional packages of other machines', () => {
    present({ 'node_modules/hono': { version: '4.0.0' } });
    assert.equal(isInstalled(folder), true);
  });

  it('sees a package in another version', () => {
    present({ 'node_modules/hono': { version: '4.0.1' } });
    assert.equal(isInstalled(folder), false);
  });

  it('sees an optional package in another version', () => {
    present({
      'node_modules/hono': { version: '4.0.0' },
      'node_modules/sharp-for-another-machine': { version: '2.0.0' },
    });
    assert.equal(isInstalled(folder), false);
  });

  it('sees a package that was left out', () => {
    present({});
    assert.equal(isInstalled(folder), false);
  });

  it('sees a package whose folder was deleted', () => {
    present({ 'node_modules/hono': { version: '4.0.0' } });
    rmSync(join(folder, 'node_modules/hono'), { recursive: true });
    assert.equal(isInstalled(folder), false);
  });
});

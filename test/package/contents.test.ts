import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { languages } from '../helpers/catalogues.js';
import { packed, root } from '../helpers/packed.js';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  bin: Record<string, string>;
  'node-red': { nodes: Record<string, string>; plugins: Record<string, string> };
};

/** All that belongs into the package. */
const belongs = [
  /^(package\.json|LICENSE|README\.md|CHANGELOG\.md)$/,
  /^examples\/(\d\d - [^/]+|With other packages\/[^/]+)\.json$/,
  /^types\/index\.d\.ts$/,
  /^resources\/(dialogs\.(js|css)|images\.js)$/,
  /^dist\/(src|nodes|sandbox)\/([a-z0-9-]+\/)*[a-z0-9-]+\.js$/,
  /^dist\/src\/cluster\/state\/[a-z]+\.lua$/,
  /^dist\/nodes\/(nanogpt-[a-z]+)\/(\1\.html|icons\/\1\.svg|locales\/[a-z]{2}(-[A-Z]{2})?\/\1\.(json|html))$/,
];

describe('the packed package', function () {
  let files: string[];
  before(async () => {
    ({ files } = await packed());
  });

  for (const [name, path] of Object.entries(manifest['node-red'].nodes)) {
    it(`holds both sides of ${name}, its texts and its icon`, () => {
      const folder = `dist/nodes/${name}`;
      const texts = languages.map((language) => `${folder}/locales/${language}/${name}.json`);
      const expected = [path, `${folder}/${name}.html`, ...texts, `${folder}/locales/en-US/${name}.html`];
      if (!['nanogpt-cluster', 'nanogpt-config'].includes(name)) expected.push(`${folder}/icons/${name}.svg`);
      assert.deepEqual(
        expected.filter((file) => !files.includes(file)),
        [],
      );
    });
  }

  for (const [name, path] of Object.entries(manifest['node-red'].plugins)) {
    it(`holds both sides of the plugin ${name} and its texts`, () => {
      const texts = languages.map((language) => `dist/nodes/${name}/locales/${language}/${name}.json`);
      assert.deepEqual(
        [path, `dist/nodes/${name}/${name}.html`, ...texts].filter((file) => !files.includes(file)),
        [],
      );
    });
  }

  it('holds the commands', () => {
    for (const path of Object.values(manifest.bin)) assert.ok(files.includes(path), path);
  });

  it('holds examples, README, CHANGELOG and LICENSE', () => {
    for (const file of ['README.md', 'CHANGELOG.md', 'LICENSE']) assert.ok(files.includes(file), file);
    assert.ok(files.some((file) => file.startsWith('examples/01 - ')));
  });

  it('holds nothing else', () => {
    assert.deepEqual(
      files.filter((file) => !belongs.some((pattern) => pattern.test(file))),
      [],
    );
  });
});

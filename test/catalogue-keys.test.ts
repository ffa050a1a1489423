import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NanogptConfigConfig } from '../nodes/nanogpt-config/config.js';
import { usuallyCharged } from '../src/errors.js';
import { messages } from '../src/messages.js';
import { filesIn, folders, nodeFolders, readTexts, readCatalogue } from './helpers/catalogues.js';
import { root } from './helpers/packed.js';
import { type Use, usedKeys } from './helpers/used-keys.js';

/** How keys end where only the running program knows. */
const told = {
  'error.': Object.keys(messages),
  'status.': ['running', 'done', 'reused', 'warned', ...Object.keys(usuallyCharged)],
  'tip.service.': ['nanogpt', 'openai', 'compatible', 'sandbox'] satisfies NanogptConfigConfig['service'][],
  'typedInput.type.': ['str', 'num', 'json'],
};

/** Settings that take whatever is typed, so that their validators never say `validate.<name>`. */
const takesAnything = ['image', 'mask', 'model', 'size', 'negativePrompt', 'quality', 'outputFormat', 'user'].map(
  (name) => `validate.${name}`,
);

describe('the keys of the catalogues', function () {
  this.timeout(60_000);
  let uses: Use[];
  let untold: string[];
  before(() => {
    ({ uses, untold } = usedKeys(told));
  });

  it('can all be told from the sources', () => assert.deepEqual(untold, []));

  it('exist wherever the sources of a node ask for them', () => {
    const known = Object.fromEntries(
      nodeFolders.map((node) => [node, { ...readCatalogue(node, 'en-US'), ...readCatalogue('shared', 'en-US') }]),
    );
    const missing = uses.filter(({ node, key }) => node !== 'core' && known[node]?.[key] === undefined);
    assert.deepEqual(missing.filter(({ key }) => !takesAnything.includes(key)), []); // prettier-ignore
    assert.deepEqual(takesAnything.filter((key) => !missing.some((use) => use.key === key)), []); // prettier-ignore
  });

  it("exist in Node-RED's own catalogues where the sources ask those", () => {
    const editor = readTexts(require.resolve('@node-red/editor-client/locales/en-US/editor.json'));
    const nodes = readTexts(require.resolve('@node-red/nodes/locales/en-US/messages.json'));
    const known = new Set([...Object.keys(editor), ...Object.keys(nodes).map((key) => `node-red:${key}`)]);
    assert.deepEqual(uses.filter(({ node, key }) => node === 'core' && !known.has(key)), []); // prettier-ignore
  });

  for (const folder of folders) {
    it(`are all asked for, in ${folder}`, () => {
      const asked = new Set(uses.filter(({ node }) => folder === 'shared' || node === folder).map(({ key }) => key));
      assert.deepEqual(Object.keys(readCatalogue(folder, 'en-US')).filter((key) => !asked.has(key)), []); // prettier-ignore
    });
  }

  it('name no sentence that the library never says', () => {
    const files = ['src', 'nodes'].flatMap((folder) => filesIn(join(root, folder)));
    const code = files
      .filter((file) => file.endsWith('.ts') && !file.endsWith('messages.ts'))
      .map((file) => readFileSync(file, 'utf8'));
    assert.deepEqual(Object.keys(messages).filter((key) => !code.some((text) => text.includes(`'${key}'`))), []); // prettier-ignore
  });

  it('of a node are not those that all nodes share, which would replace them', () => {
    const [shared, ...own] = ['shared', ...nodeFolders].map(
      (folder) => new Set(Object.keys(readCatalogue(folder, 'en-US')).map((key) => key.split('.')[0])),
    );
    for (const sections of own) assert.deepEqual([...sections].filter((section) => shared?.has(section)), []); // prettier-ignore
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaults as clusterDefaults } from '../nodes/nanogpt-cluster/config.js';
import { defaults as accountDefaults } from '../nodes/nanogpt-config/config.js';
import { defaults as imageDefaults } from '../nodes/nanogpt-image/config.js';
import { defaults as infoDefaults } from '../nodes/nanogpt-info/config.js';
import { usuallyCharged } from '../src/errors.js';
import { messages } from '../src/messages.js';
import { filesIn, folders, nodeFolders, readCatalogue, readTexts } from './helpers/catalogues.js';
import { root } from './helpers/packed.js';

// The compiler checks each key that code asks for (nodes/shared/text-keys.ts). Here are the keys in forms, and those that nothing asks for.

/** What may follow a section where the key is put together; any ending where the section is not here. */
const settings = Object.keys({
  ...accountDefaults,
  ...clusterDefaults,
  ...imageDefaults,
  ...infoDefaults,
  apiKey: '',
  password: '',
  secret: '',
});
const endings: Record<string, readonly string[]> = {
  label: settings,
  validate: settings,
  status: ['running', 'done', 'reused', 'warned', ...Object.keys(usuallyCharged)],
};

/** The code and the form of a folder. */
function readSources(folder: string): string {
  const files = filesIn(join(root, 'nodes', folder)).filter(
    (file) => /\.(ts|html)$/.test(file) && !file.includes('/locales/'),
  );
  return files.map((file) => readFileSync(file, 'utf8')).join('\n');
}

/** Every key in `data-i18n="key;[attribute]key"`. */
function keysInForm(source: string): string[] {
  const values = [...source.matchAll(/data-i18n="([^"]+)"/g)].flatMap(([, value = '']) => value.split(';'));
  return values.map((value) => value.replace(/^\[[\w-]+\]/, ''));
}

/** Whether some code holds a key, or puts it together: `tip.service.${service}`. */
function isUsed(key: string, source: string): boolean {
  if (new RegExp(`['"\`;\\]]${key}['"\`;]`).test(source)) return true;
  const templates = [...source.matchAll(/`([a-z]\w*(?:\.\w+)*[.-]?)\$\{[^}]*\}(\w*)`/gi)];
  return templates.some(([, start = '', end = '']) => {
    if (!key.startsWith(start) || !key.endsWith(end)) return false;
    const allowed = endings[start.slice(0, -1)];
    return allowed ? allowed.includes(key.slice(start.length)) : start.includes('.');
  });
}

describe('the keys of the catalogues', () => {
  const sources = Object.fromEntries(folders.map((folder) => [folder, readSources(folder)]));
  const english = Object.fromEntries(folders.map((folder) => [folder, readCatalogue(folder, 'en-US')]));
  const all = new Set(Object.values(english).flatMap((texts) => Object.keys(texts)));
  const editor = readTexts(require.resolve('@node-red/editor-client/locales/en-US/editor.json'));
  const nodes = readTexts(require.resolve('@node-red/nodes/locales/en-US/messages.json'));

  for (const folder of nodeFolders) {
    const known: Record<string, string> = { ...english[folder], ...english.shared };

    it(`are in a catalogue where the form asks for them, in ${folder}`, () => {
      const unknown = keysInForm(sources[folder]!).filter((key) =>
        key.startsWith('node-red:') ? !(key.slice('node-red:'.length) in nodes) : !(key in known),
      );
      assert.deepEqual(unknown, []);
    });

    it(`are those of the folder or shared where its code asks for them, in ${folder}`, () => {
      const quoted = [...sources[folder]!.matchAll(/['"]([a-z]\w*(?:\.[\w-]+)+)['"]/gi)].map(([, key = '']) => key);
      assert.deepEqual(quoted.filter((key) => all.has(key) && !(key in known)), []); // prettier-ignore
    });
  }

  for (const folder of folders) {
    it(`are all used, in ${folder}`, () => {
      const users = folder === 'shared' ? Object.values(sources).join('\n') : `${sources[folder]}\n${sources.shared}`;
      assert.deepEqual(Object.keys(english[folder]!).filter((key) => !isUsed(key, users)), []); // prettier-ignore
    });
  }

  it("exist in the editor's own catalogue where the code asks that", () => {
    const asked = [
      'common.label.cancel',
      'common.label.done',
      'typedInput.type.str',
      'typedInput.type.num',
      'typedInput.type.json',
    ];
    assert.deepEqual(asked.filter((key) => !(key in editor)), []); // prettier-ignore
  });

  it('name no message that the library never uses', () => {
    const files = ['src', 'nodes'].flatMap((folder) => filesIn(join(root, folder)));
    const code = files
      .filter((file) => file.endsWith('.ts') && !file.endsWith('messages.ts'))
      .map((file) => readFileSync(file, 'utf8'));
    assert.deepEqual(Object.keys(messages).filter((key) => !code.some((text) => text.includes(`'${key}'`))), []); // prettier-ignore
  });

  it('of a node are not those that all nodes share, which would replace them', () => {
    const [shared, ...own] = ['shared', ...nodeFolders].map(
      (folder) => new Set(Object.keys(english[folder]!).map((key) => key.split('.')[0])),
    );
    for (const sections of own) assert.deepEqual([...sections].filter((section) => shared?.has(section)), []); // prettier-ignore
  });
});

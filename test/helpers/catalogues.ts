import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from './packed.js';

/** The languages that the nodes speak; all others are held to the first. */
export const languages = ['en-US', 'de', 'fr', 'ja', 'zh-CN'];

/** What one catalogue says, by whole keys as in `tip.service.openai`. */
export type Texts = Record<string, string>;

interface Branch {
  [key: string]: string | Branch;
}

/** The folders in nodes/ with a catalogue: those of the nodes and `shared`, which the build merges into each. */
export const folders = readdirSync(join(root, 'nodes')).filter((folder) => cataloguesIn(folder, 'en-US').length > 0);

/** The folders of the nodes themselves. */
export const nodeFolders = folders.filter((folder) => folder !== 'shared');

/** Every file below a folder. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );
}

/** The names of the catalogues of a folder in one language. */
export function cataloguesIn(folder: string, language: string): string[] {
  const files = filesIn(join(root, 'nodes', folder));
  return files
    .filter((file) => file.includes(`/locales/${language}/`) && file.endsWith('.json'))
    .map((file) => basename(file));
}

/** All that the catalogue of a folder says in one language. */
export function readCatalogue(folder: string, language: string): Texts {
  const name = folder === 'shared' ? 'shared.json' : `${folder}.json`;
  return readTexts(join(root, 'nodes', folder, 'locales', language, name));
}

/** All that a catalogue file says. */
export function readTexts(file: string): Texts {
  return Object.fromEntries(flat(JSON.parse(readFileSync(file, 'utf8')) as Branch));
}

function flat(branch: Branch, prefix = ''): [string, string][] {
  return Object.entries(branch).flatMap(([key, value]): [string, string][] => {
    return typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`);
  });
}

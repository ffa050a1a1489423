import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../helpers/packed.js';

const folder = join(root, 'src/cluster');
const guide = readFileSync(join(folder, 'README.md'), 'utf8');
const scripts = readdirSync(join(folder, 'state')).map((name) => readFileSync(join(folder, 'state', name), 'utf8'));

const find = (pattern: RegExp): string[] => [
  ...new Set(scripts.flatMap((text) => [...text.matchAll(pattern)].map(([, name = '']) => name))),
];

/** A name in the guide, also as the part that others of its group have not: `blobs:size`, `:uses`. */
const isNamed = (name: string): boolean =>
  ['`', '<', '('].some((end) => guide.includes(`\`${name}${end}`)) || guide.includes(`\`:${name.split(':').at(-1)}\``);

describe('the guide to the cluster', () => {
  it('names every key', () => {
    const keys = find(/key\('([\w:-]+?):?'/g);
    assert.ok(keys.length > 20);
    assert.deepEqual(
      keys.filter((key) => !isNamed(key) && !isNamed(`${key}:`)),
      [],
    );
  });

  it('names only files that are there', () => {
    const files = [...guide.matchAll(/`([\w-]+\.(?:ts|lua))`/g)].map(([, name = '']) => name);
    const there = [...readdirSync(folder), ...readdirSync(join(folder, 'state')), 'send-request.ts'];
    assert.ok(files.length > 20);
    assert.deepEqual(
      files.filter((name) => !there.includes(name)),
      [],
    );
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { filesIn } from './helpers/catalogues.js';
import { root } from './helpers/packed.js';

/** What each file of the package imports, types and lazy imports included. */
const imports = new Map(
  ['src', 'nodes', 'sandbox'].flatMap((folder) =>
    filesIn(join(root, folder))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => [relative(root, file), importedBy(file)]),
  ),
);

function importedBy(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'));
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => relative(root, join(dirname(file), fileName)).replace(/\.js$/, '.ts'));
}

/** Every circle that a walk from each file finds. */
function findCircles(): string[] {
  const circles: string[] = [];
  const visited = new Set<string>();
  const visit = (file: string, path: string[]): void => {
    if (path.includes(file)) return void circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (visited.has(file)) return;
    for (const imported of imports.get(file) ?? []) visit(imported, [...path, file]);
    visited.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return circles;
}

describe('the imports', () => {
  it('are read', () => {
    assert.ok(imports.size > 100);
    assert.ok(imports.get('nodes/nanogpt-image/nanogpt-image.ts')?.includes('nodes/nanogpt-image/generate.ts'));
  });

  it('run in no circle, not of types either', () => assert.deepEqual(findCircles(), []));

  it('reach the built-in service from one place of src only', () => {
    const users = [...imports].filter(
      ([file, to]) => file.startsWith('src/') && to.some((path) => path.startsWith('sandbox/')),
    );
    assert.deepEqual(
      users.map(([file]) => file),
      ['src/account/connection.ts'],
    );
  });
});

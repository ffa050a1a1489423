import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
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

  /** The files below one folder that import any file below another. */
  const importers = (from: string, target: string): string[] =>
    [...imports]
      .filter(([file, paths]) => file.startsWith(from) && paths.some((path) => path.startsWith(target)))
      .map(([file]) => file);

  it('reach the built-in service from one place of src only, lazily', () => {
    assert.deepEqual(importers('src/', 'sandbox/'), ['src/account/connection.ts']);
    const code = readFileSync(join(root, 'src/account/connection.ts'), 'utf8');
    assert.doesNotMatch(code, /^import .*sandbox\//m);
    assert.match(code, /await import\('[^']*sandbox\/local\.js'\)/);
  });

  it('never lead from src/api up to src/account, nor from the built-in service to src/api', () => {
    assert.deepEqual(importers('src/api/', 'src/account/'), []);
    assert.deepEqual(importers('sandbox/', 'src/api/'), []);
  });

  it('never lead from src or the built-in service to nodes', () => {
    assert.deepEqual([...importers('src/', 'nodes/'), ...importers('sandbox/', 'nodes/')], []);
  });

  it('load the history for the editor without the client, without sharp and without undici', () => {
    const files = ['nodes/nanogpt-images/routes/list-history.ts', 'nodes/nanogpt-config/open-history.ts'];
    const script = `for (const file of ${JSON.stringify(files)}) require('./' + file); console.log(Object.keys(require.cache).join('\\n'))`;
    const loaded = execFileSync(process.execPath, ['--require', 'tsx/cjs', '--eval', script], { cwd: root }).toString();
    assert.match(loaded, /history\.ts/);
    assert.doesNotMatch(loaded, /src\/api\/(client|http)|node_modules\/(sharp|undici)\//);
  });
});

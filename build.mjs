/**
 * Builds dist/ from src/, nodes/ and sandbox/, one file for each: modules become CommonJS; the form and the editor
 * script of a node become its one html, that of a plugin is its script alone; icons, locales and Redis scripts are
 * copied, what all nodes say (nodes/shared/locales) merged into the catalogue of each. Code that the editor loads when
 * it needs it becomes a module in resources/: dialogs.js for all dialogs, images.js for the preview under the nodes and
 * the sidebar tab; all styles one sheet, resources/dialogs.css, which every html links: a disabled node takes no
 * other's look away.
 */
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(dirname(fileURLToPath(import.meta.url)));
for (const folder of ['dist', 'resources']) await rm(folder, { recursive: true, force: true });

const files = (await Promise.all(['src', 'nodes', 'sandbox'].map(list))).flat();
const shared = join('nodes', 'shared');
const isEditor = (file) => /\/(editor\.ts$|editor\/|dialog\/)/.test(file);
const stylesheet = '<link rel="stylesheet" href="resources/@flow-easel/node-red-nanogpt/dialogs.css">';
const forBrowser = { bundle: true, target: 'es2022', charset: 'utf8' };

await build({
  entryPoints: files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !isEditor(file)),
  outdir: 'dist',
  outbase: '.',
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
});
await Promise.all(files.filter((file) => basename(file) === 'editor.ts').map(page));
await build({
  ...forBrowser,
  format: 'esm',
  entryPoints: ['nodes/nanogpt-images/editor/images.ts'],
  outfile: 'resources/images.js',
});
await dialogs(files.filter((file) => file.endsWith('/dialog/dialog.ts')));
await styles(files.filter((file) => file.endsWith('.css')));
await Promise.all(
  files.filter((file) => /\/(locales|icons)\/|\.lua$/.test(file) && !file.startsWith(shared)).map(copy),
);

/** Every file below a folder, as paths from the root of the project. */
async function list(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** A file as it is; a catalogue with what all nodes say in its language. */
async function copy(file) {
  if (!/\/locales\/[^/]+\/[^/]+\.json$/.test(file)) return cp(file, join('dist', file));
  const [own, common] = await Promise.all(
    [file, join(shared, 'locales', basename(dirname(file)), 'shared.json')].map(async (path) =>
      JSON.parse(await readFile(path, 'utf8')),
    ),
  );
  await mkdir(join('dist', dirname(file)), { recursive: true });
  await writeFile(join('dist', file), JSON.stringify({ ...own, ...common }));
}

/**
 * The html of one node or plugin: the form, if it has one, without its indentation, and its script, bundled and
 * minified: every editor loads it.
 */
async function page(editor) {
  const name = basename(dirname(editor));
  const form = files.includes(join(dirname(editor), `${name}.html`))
    ? await readFile(join(dirname(editor), `${name}.html`), 'utf8')
    : '';
  const { outputFiles } = await build({
    ...forBrowser,
    entryPoints: [editor],
    write: false,
    format: 'iife',
    minify: true,
  });
  const script = outputFiles[0].text.replaceAll('</script', '<\\/script');
  const target = join('dist', dirname(editor), `${name}.html`);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(
    target,
    `${stylesheet}\n${form.replace(/^ +/gm, '')}\n<script type="text/javascript">\n${script}</script>\n`,
  );
}

/** One module that exports every dialog under its type of node. */
async function dialogs(entries) {
  const contents = entries
    .map((entry) => `export * as '${basename(dirname(dirname(entry)))}' from './${entry}';`)
    .join('\n');
  await build({ ...forBrowser, stdin: { contents, resolveDir: '.' }, format: 'esm', outfile: 'resources/dialogs.js' });
}

/** One sheet with the styles of all dialogs. */
async function styles(sheets) {
  const contents = sheets.map((sheet) => `@import './${sheet}';`).join('\n');
  const stdin = { contents, resolveDir: '.', loader: 'css' };
  await build({ ...forBrowser, stdin, minify: true, outfile: 'resources/dialogs.css' });
}

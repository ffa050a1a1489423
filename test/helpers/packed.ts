import { type ExecFileOptions, execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The root of the project. */
export const root = resolve(__dirname, '../..');

/** The package as `npm publish` would send it. */
export interface Packed {
  /** Path of the .tgz file. */
  tarball: string;
  /** Paths of the files inside, as in `dist/nodes/nanogpt-image/nanogpt-image.js`. */
  files: string[];
}

const run = promisify(execFile);
let packing: Promise<Packed> | undefined;
let installing: Promise<string> | undefined;

/** Builds and packs the package, once in a test process. `npm test` has built it already and says so. */
export function packed(): Promise<Packed> {
  packing ??= pack();
  return packing;
}

/** A Node-RED user directory into which npm installed the packed package, once in a test process; do not write to it. */
export function installed(): Promise<string> {
  installing ??= install();
  return installing;
}

const temporaryFolders: string[] = [];
process.once('exit', () => {
  for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A new temporary folder that is gone when the test process ends, whatever happens. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nanogpt-test-'));
  temporaryFolders.push(folder);
  return folder;
}

async function pack(): Promise<Packed> {
  if (!process.env.DIST_IS_BUILT) await run(process.execPath, ['build.mjs'], { cwd: root });
  const folder = temporaryFolder();
  const output = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  const [{ filename, files }] = JSON.parse(output) as [{ filename: string; files: { path: string }[] }];
  return { tarball: join(folder, basename(filename)), files: files.map((file) => file.path) };
}

async function install(): Promise<string> {
  const { tarball } = await packed();
  const userDir = temporaryFolder();
  await writeFile(join(userDir, 'package.json'), '{ "name": "node-red-project", "private": true }');
  await npm(['install', tarball, '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', '--no-update-notifier'], {
    cwd: userDir,
  });
  return userDir;
}

/** Runs npm, the one that runs these tests where there is one, and gives its output. */
async function npm(args: string[], options: ExecFileOptions): Promise<string> {
  const cli = process.env.npm_execpath;
  const [file, before] = cli && basename(cli).startsWith('npm') ? [process.execPath, [cli]] : ['npm', []];
  const { stdout } = await run(file, [...before, ...args], {
    ...options,
    encoding: 'utf8',
    shell: file === 'npm' && process.platform === 'win32',
  });
  return stdout;
}

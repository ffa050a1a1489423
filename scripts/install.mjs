/**
 * Installs what package-lock.json names when it is not there, with
 * Node's own modules only: it runs before there are others.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';

/** The root of the project. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Installs all packages, the development ones included, unless they are there already. */
export async function installIfNeeded() {
  requireNode(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node);
  if (!isInstalled(root)) await install('Installing packages (a minute or two)', root);
}

/** Installs what the package-lock.json of a folder names. */
export async function install(title, folder) {
  const [command, before] = npm();
  await run(title, command, [...before, 'ci', '--include=dev', '--no-audit', '--no-fund'], {
    cwd: folder,
    shell: command !== process.execPath && process.platform === 'win32',
  });
}

/**
 * Whether node_modules holds every package of package-lock.json in that version. Optional ones may be absent: most are
 * for other platforms.
 */
export function isInstalled(folder) {
  const wanted = readPackages(join(folder, 'package-lock.json'));
  const installed = readPackages(join(folder, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    if (!installed[path]) return optional === true;
    return installed[path].version === version && existsSync(join(folder, path));
  });
}

/** The packages of a lock file by their path; none where there is no such file. */
function readPackages(lockFile) {
  if (!existsSync(lockFile)) return {};
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages ?? {};
}

/** The npm that runs this script, else the one of the shell, with the arguments that come first. */
function npm() {
  const cli = process.env.npm_execpath;
  return cli && basename(cli).startsWith('npm') ? [process.execPath, [cli]] : ['npm', []];
}

/** Says which Node.js is needed where this one is too old. */
function requireNode(range) {
  const [needed, running] = [range, process.versions.node].map((text) => text.match(/\d+/g).map(Number));
  const enough = running[0] > needed[0] || (running[0] === needed[0] && running[1] >= (needed[1] ?? 0));
  if (!enough) throw new Error(`Node.js ${range} is needed; this is ${process.versions.node}.`);
}

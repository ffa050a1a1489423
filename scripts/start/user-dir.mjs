import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/**
 * Makes the user directory of Node-RED where there is none yet: settings, and all examples as flows. What is there
 * stays as it is.
 */
export async function prepareUserDir(userDir, examples) {
  await mkdir(join(userDir, 'images'), { recursive: true });
  const settings = await readFile(new URL('settings.cjs', import.meta.url), 'utf8');
  await writeNew(join(userDir, 'settings.js'), settings.replace('RANDOM', randomUUID()));
  await writeNew(join(userDir, 'flows.json'), JSON.stringify(await loadExamples(examples), null, 4));
}

/**
 * The nodes of all examples in the order of their names, each example
 * on a tab, with one account where several are the same.
 */
export async function loadExamples(folder) {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const flows = await Promise.all(
    names.map(async (name) => onTab(name, JSON.parse(await readFile(join(folder, name), 'utf8')))),
  );
  return withoutCopies(shareAccounts(flows.flat()));
}

/** An example that has no tab of its own gets one named after its file. */
function onTab(name, nodes) {
  if (nodes.some((node) => node.type === 'tab')) return nodes;
  const label = basename(name, '.json');
  const tab = { id: `tab ${label}`, type: 'tab', label };
  return [tab, ...nodes.map((node) => ('x' in node ? { ...node, z: tab.id } : node))];
}

/** Leaves one of several accounts with equal settings and lets all nodes use that. */
function shareAccounts(nodes) {
  const bySettings = new Map();
  const sharedId = new Map();
  for (const account of nodes.filter((node) => node.type === 'nanogpt-config')) {
    const settings = JSON.stringify({ ...account, id: '' });
    if (!bySettings.has(settings)) bySettings.set(settings, account);
    sharedId.set(account.id, bySettings.get(settings).id);
  }
  const others = nodes.filter((node) => node.type !== 'nanogpt-config');
  return [
    ...others.map((node) => ('account' in node ? { ...node, account: sharedId.get(node.account) } : node)),
    ...bySettings.values(),
  ];
}

/** A node that several examples bring, such as their broker, is there once. */
function withoutCopies(nodes) {
  return [...new Map(nodes.map((node) => [node.id, node])).values()];
}

/** Writes a file unless there is one. */
async function writeNew(path, text) {
  await writeFile(path, text, { flag: 'wx' }).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

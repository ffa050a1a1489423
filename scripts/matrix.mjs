/**
 * `npm run test:matrix`: the tests of the nodes, the examples and the editor with the Node-RED of package.json on this
 * Node.js, and with Node-RED 5 (tools/nr5, installed when needed), on this Node.js where that is new enough, else on
 * Node.js 24. `npm run test:matrix -- 4.1` or `-- 5.0` runs one of the two.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, installIfNeeded, isInstalled, root } from './install.mjs';
import { runCheck } from './test/check.mjs';
import { runMocha } from './test/mocha.mjs';
import { runAndReport } from './test/report.mjs';

const folder = join(root, 'tools/nr5');
const modules = join(folder, 'node_modules');

/** Tests that run Node-RED in their own process, and tests that start it. */
const inside = ['test/nodes', 'test/examples'];
const outside = ['test/redeploy', 'test/package', 'test/editor', 'test/places'];

/** What takes long; a part of each is played by `npm test`. */
const long = {
  '30 kills of a history on disk': ['test/history/kill.test.ts', '--kills=30'],
  '30 kills of a Node-RED with a history on disk': ['test/package/history-kill.test.ts', '--kills=30'],
  '60 kills of the processes of a cluster': ['test/cluster/kill.test.ts', '--kills=60'],
  '60 kills of Node-REDs and a worker of a cluster': ['test/cluster/node-red-kill.test.ts', '--kills=60'],
  'memory for the largest image of every format': ['test/image/memory.test.ts', '--whole'],
};

/** The two Node-REDs by their version. */
const nodeReds = { 4.1: withOwnNodeRed, '5.0': withNodeRed5 };

/** Runs all and gives a result `{ passed, failed, skipped, failures }` for each part. */
async function test(versions) {
  const unknown = versions.filter((version) => !Object.hasOwn(nodeReds, version));
  if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(' ')}. Use ${Object.keys(nodeReds).join(' or ')}.`);
  await installIfNeeded();
  const results = [await runCheck('build', ['build.mjs'])];
  if (results[0].failed > 0) return results;
  for (const version of versions.length > 0 ? versions : Object.keys(nodeReds)) {
    const { title, node, env } = await nodeReds[version]();
    for (const part of inside)
      results.push(await runMocha(`${part} with ${title}`, ['--forbid-only', part], { brief: true, node, env }));
    // The browser of the tests is made for the Node.js of the project; Node-RED itself runs on its own.
    for (const part of outside)
      results.push(await runMocha(`${part} with ${title}`, ['--forbid-only', part], { brief: true, env }));
  }
  for (const [title, args] of Object.entries(long))
    results.push(await runMocha(title, ['--forbid-only', ...args], { brief: true }));
  return results;
}

function withOwnNodeRed() {
  return { title: buildTitle(join(root, 'node_modules/node-red'), process.version), node: process.execPath, env: {} };
}

async function withNodeRed5() {
  if (!isInstalled(folder)) await install('Installing Node-RED 5 and its Node.js (half a minute)', folder);
  const isNewEnough = Number(process.versions.node.split('.')[0]) >= 22;
  const node = isNewEnough ? process.execPath : join(modules, 'node24/bin/node');
  const version = isNewEnough ? process.version : `v${readVersion(join(modules, 'node24'))}`;
  const nodeRed = join(modules, 'node-red');
  return { title: buildTitle(nodeRed, version), node, env: { NODE_RED_DIR: nodeRed, NODE_RED_NODE: node } };
}

function buildTitle(nodeRed, node) {
  return `Node-RED ${readVersion(nodeRed)} on Node.js ${node}`;
}

function readVersion(module) {
  return JSON.parse(readFileSync(join(module, 'package.json'), 'utf8')).version;
}

process.chdir(root);
await runAndReport('npm run test:matrix', () => test(process.argv.slice(2)));

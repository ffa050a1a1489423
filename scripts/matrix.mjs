/**
 * `npm run test:matrix`: the tests with a real Node-RED once more, with Node-RED 5 on the Node.js it asks for (tools/nr5, installed when
 * needed) as the Node-RED they start. `npm test` is the part with the Node-RED of package.json.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, installIfNeeded, isInstalled, root } from './install.mjs';
import { runCheck } from './test/check.mjs';
import { runMocha } from './test/mocha.mjs';
import { total } from './test/total.mjs';

const folder = join(root, 'tools/nr5');
const parts = ['test/redeploy', 'test/package', 'test/editor'];

/** Runs all and gives a result `{ passed, failed, skipped }` for each part. */
async function test() {
  await installIfNeeded();
  if (!isInstalled(folder)) await install('Installing Node-RED 5 and its Node.js (half a minute)', folder);
  process.env.NODE_RED_DIR = join(folder, 'node_modules/node-red');
  process.env.NODE_RED_NODE = join(folder, 'node_modules/node24/bin/node');
  const [nodeRed, node] = ['node-red', 'node24'].map((name) => JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version);
  const results = [await runCheck('build', ['build.mjs'])];
  for (const part of results[0].failed > 0 ? [] : parts) {
    results.push(await runMocha(`${part} with Node-RED ${nodeRed} on Node.js ${node}`, ['--forbid-only', part], { brief: true }));
  }
  return results;
}

try {
  process.chdir(root);
  const { passed, failed, skipped } = total(await test());
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  console.error(`\nnpm run test:matrix failed. ${error.message}`);
  console.log('\n0 passed, 1 failed');
  process.exitCode = 1;
}

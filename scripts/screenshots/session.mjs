/** A Node-RED with all examples in a user directory of its own, and pages of a real Chromium on it. */
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';
import { install, isInstalled, root } from '../install.mjs';
import { startNodeRed } from '../start/node-red.mjs';
import { choosePort } from '../start/port.mjs';
import { loadExamples, prepareUserDir } from '../start/user-dir.mjs';

export const examples = join(root, 'examples');

/** The examples that need the packages of tools/places. */
export const placesExamples = join(examples, 'With other packages');

const places = join(root, 'tools', 'places');

/** Calls `use` with `{ nodeRed, url, userDir }`; Node-RED ends and the directory is gone afterwards. */
export async function withNodeRed(use) {
  const userDir = await mkdtemp(join(tmpdir(), 'nanogpt-screenshots-'));
  const port = await choosePort();
  await writeFile(join(userDir, 'settings.js'), settingsIn(userDir));
  if (!isInstalled(places)) await install('Installing the packages that the examples send images to', places);
  await symlink(join(places, 'node_modules'), join(userDir, 'node_modules'), 'junction');
  await writeFile(join(userDir, 'flows.json'), JSON.stringify(await loadAllExamples()));
  await prepareUserDir(userDir, examples);
  const nodeRed = startNodeRed({ userDir, port });
  try {
    await nodeRed.logged(({ text }) => text.startsWith('Started flows') || undefined, 60_000);
    await use({ nodeRed, url: `http://127.0.0.1:${port}`, userDir });
  } finally {
    await nodeRed.stop();
    await rm(userDir, { recursive: true });
  }
}

/** The nodes of all examples; their accounts are there once. */
async function loadAllExamples() {
  const nodes = [...(await loadExamples(examples)), ...(await loadExamples(placesExamples))];
  return [...new Map(nodes.map((node) => [node.id, node])).values()];
}

/** The settings of `npm start`, for a user directory that lies elsewhere. */
function settingsIn(userDir) {
  const start = JSON.stringify(join(root, 'scripts', 'start', 'settings.cjs'));
  const own = JSON.stringify({
    nodesDir: root,
    fileWorkingDirectory: join(userDir, 'images'),
    // Those of other packages come last.
    paletteCategories: ['NanoGPT', 'common', 'function', 'network', 'sequence', 'parser', 'storage'],
  });
  return `module.exports = { ...require(${start}), ...${own} };\n`;
}

/** Calls `use` with a browser: the one from npm, or `CHROMIUM_PATH`. */
export async function withBrowser(use) {
  const browser = await playwright.launch({
    executablePath: process.env.CHROMIUM_PATH ?? (await chromium.executablePath()),
    headless: true,
  });
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
}

/** Shows a flow in the editor. */
export async function openFlow(page, url, flow) {
  if (!page.url().startsWith(url)) await page.goto(url);
  await page.waitForFunction(
    `window.RED?.nodes?.workspace?.('${flow}') && !$('#red-ui-loading-progress').is(':visible')`,
  );
  await page.evaluate(`RED.workspaces.show('${flow}')`);
}

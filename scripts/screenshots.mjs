/**
 * `npm run screenshots`: writes the images of the README to docs/images, from the examples in a Node-RED of its own and a real Chromium
 * (the one from npm, or `CHROMIUM_PATH`).
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';
import sharp from 'sharp';
import { root } from './install.mjs';
import { run } from './run.mjs';
import { makeFirstImage } from './start/first-image.mjs';
import { startNodeRed } from './start/node-red.mjs';
import { choosePort } from './start/port.mjs';
import { prepareUserDir } from './start/user-dir.mjs';

const examples = join(root, 'examples');
const images = join(root, 'docs', 'images');
const viewport = { width: 1540, height: 480 };

/** Makes all of them, in a user directory that is gone afterwards. */
async function takeScreenshots() {
  await run('Building', process.execPath, ['build.mjs'], { cwd: root });
  const userDir = await mkdtemp(join(tmpdir(), 'nanogpt-screenshots-'));
  const port = await choosePort();
  const url = `http://127.0.0.1:${port}`;
  await writeFile(join(userDir, 'settings.js'), settingsIn(userDir));
  await prepareUserDir(userDir, examples);
  await mkdir(images, { recursive: true });

  const nodeRed = startNodeRed({ userDir, port });
  try {
    await nodeRed.logged(({ text }) => text.startsWith('Started flows') || undefined, 60_000);
    const image = await makeFirstImage({
      nodeRed,
      url,
      userDir,
      example: join(examples, '01 - An image from a prompt.json'),
    });
    await keep('image', sharp(image).resize(640));
    await withPage((page) => showEditor(page, url));
  } finally {
    await nodeRed.stop();
    await rm(userDir, { recursive: true });
  }
}

/** The settings of `npm start`, for a user directory that lies elsewhere. */
function settingsIn(userDir) {
  const start = JSON.stringify(join(root, 'scripts', 'start', 'settings.cjs'));
  const own = JSON.stringify({ nodesDir: root, fileWorkingDirectory: join(userDir, 'images') });
  return `module.exports = { ...require(${start}), ...${own} };\n`;
}

async function withPage(use) {
  const browser = await playwright.launch({
    executablePath: process.env.CHROMIUM_PATH ?? (await chromium.executablePath()),
    headless: true,
  });
  try {
    await use(await browser.newPage({ viewport, deviceScaleFactor: 2, locale: 'en-US' }));
  } finally {
    await browser.close();
  }
}

/** The second example when both of its images are there, and the dialog of the image node. */
async function showEditor(page, url) {
  await page.goto(`${url}/#flow/restyle`);
  await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
  await page.locator('.red-ui-palette-node[data-palette-type="nanogpt-info"]').scrollIntoViewIfNeeded();
  await page.evaluate("RED.sidebar.show('debug')");
  await page.evaluate("RED.actions.invoke('core:zoom-out')");
  await page.request.post(`${url}/inject/restyle-inject`);
  await page.locator('.red-ui-debug-msg').nth(1).waitFor();
  await keep('editor', fewColours(await page.screenshot()));

  await page.setViewportSize({ ...viewport, height: 930 });
  await page.evaluate("RED.editor.edit(RED.nodes.node('table-image'))");
  await page.waitForFunction("!jQuery('.red-ui-tray').is(':animated')");
  await keep('dialog', fewColours(await page.locator('.red-ui-tray').screenshot()));
}

/** Text and flat areas do not need more. */
function fewColours(screenshot) {
  return sharp(screenshot).png({ palette: true, quality: 90, effort: 10 });
}

async function keep(name, image) {
  const { size } = await image.toFile(join(images, `${name}.png`));
  console.log(`docs/images/${name}.png  ${Math.round(size / 1000)} kB`);
}

await takeScreenshots();

/**
 * `npm run screenshots`: writes the images of the README to docs/images, from the examples in a Node-RED of its own and
 * a real Chromium (the one from npm, or `CHROMIUM_PATH`).
 */
import { join } from 'node:path';
import sharp from 'sharp';
import { root } from './install.mjs';
import { run } from './run.mjs';
import { takeAnimation } from './screenshots/animation.mjs';
import { fewColours, keep } from './screenshots/keep.mjs';
import { examples, openFlow, withBrowser, withNodeRed } from './screenshots/session.mjs';
import { takeThumbnails } from './screenshots/thumbnails.mjs';
import { makeFirstImage } from './start/first-image.mjs';

const viewport = { width: 1540, height: 930 };

/** Makes all of them, in a user directory that is gone afterwards. */
async function takeScreenshots() {
  await run('Building', process.execPath, ['build.mjs'], { cwd: root });
  await withNodeRed(async ({ nodeRed, url, userDir }) => {
    await withBrowser(async (browser) => {
      await takeAnimation(browser, url);
      const example = join(examples, '01 - An image from a prompt.json');
      await keep('image.png', sharp(await makeFirstImage({ nodeRed, url, userDir, example })).resize(640));
      await showEditor(browser, url);
      await takeThumbnails(browser, url);
    });
  });
}

/** The Images tab when the second example has made its images, and the dialog of the image node. */
async function showEditor(browser, url) {
  const page = await browser.newPage({ viewport, deviceScaleFactor: 2, locale: 'en-US' });
  await openFlow(page, url, 'restyle');
  await page.request.post(`${url}/inject/restyle-inject`);
  await page.locator('.nanogpt-preview image').nth(1).waitFor();

  await page.evaluate("RED.sidebar.show('nanogpt-images')");
  await page.waitForFunction(
    "$('.nanogpt-tile').length > 3 && $('.nanogpt-tile img').get().every((image) => image.naturalWidth > 0)",
  );
  await keep('images-tab.png', fewColours(await page.locator('#red-ui-sidebar').screenshot()));

  await page.evaluate("RED.editor.edit(RED.nodes.node('table-image'))");
  await page.waitForFunction("!jQuery('.red-ui-tray').is(':animated')");
  await keep('dialog.png', fewColours(await page.locator('.red-ui-tray').screenshot()));
  await page.close();
}

await takeScreenshots();

/**
 * From the first example to an image: Try it in the dialog, then a click on the button and the preview under the node.
 * It begins with its end, which is all that is seen where images do not move.
 */
import sharp from 'sharp';
import { keep } from './keep.mjs';
import { openFlow } from './session.mjs';

const viewport = { width: 1280, height: 760 };
const width = 800;

export async function takeAnimation(browser, url) {
  const page = await browser.newPage({ viewport, deviceScaleFactor: 1, locale: 'en-US' });
  const frames = [];
  const delays = [];
  const show = async (milliseconds) => {
    frames.push(
      await sharp(await page.screenshot())
        .resize({ width })
        .png()
        .toBuffer(),
    );
    delays.push(milliseconds);
  };

  await openFlow(page, url, 'first-image');
  await page.evaluate("RED.sidebar.show('debug')");
  await show(1500);
  await tryIt(page, show);
  await page.locator('#node-dialog-cancel').click();
  await page.locator('.red-ui-tray').waitFor({ state: 'detached' });
  await show(800);
  await page.request.post(`${url}/inject/first-image-inject`);
  await page.locator('.nanogpt-preview image').waitFor();
  await page.locator('.red-ui-debug-msg').first().waitFor();
  await show(4000);
  await page.close();
  for (const list of [frames, delays]) list.unshift(list.pop());
  await keep(
    'try-it.gif',
    sharp(frames, { join: { animated: true } }).gif({ delay: delays, effort: 10, colours: 128 }),
  );
}

/** In the dialog: a prompt is typed, the button is pressed, the image is there. */
async function tryIt(page, show) {
  await page.evaluate("RED.editor.edit(RED.nodes.node('first-image-image'))");
  await page.waitForFunction("!jQuery('.red-ui-tray').is(':animated')");
  await page.locator('#nanogpt-to-try').click();
  await page.getByLabel('Prompt msg.payload', { exact: true }).fill('a red balloon over hills in the evening');
  await page.locator('#nanogpt-try .nanogpt-make:enabled').waitFor();
  await page.locator('#nanogpt-price', { hasText: 'play money' }).waitFor();
  await show(2000);
  await page.locator('#nanogpt-try .nanogpt-make').click();
  await show(700);
  await page.locator('#nanogpt-try img').waitFor();
  await page.locator('#nanogpt-try figcaption').scrollIntoViewIfNeeded();
  await show(3000);
}

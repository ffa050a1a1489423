/** A small image of each example, as it looks in the editor after its first button was clicked. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { keep } from './keep.mjs';
import { examples, openFlow, placesExamples } from './session.mjs';

/** So wide that an example of 1280 pixels is in sight between the palette and the sidebar. */
const viewport = { width: 1960, height: 800 };
const margin = 12;
const width = 640;
/** How long an example may take to come to rest; without a broker or another service it rests at once. */
const rest = 8000;

export async function takeThumbnails(browser, url) {
  const page = await browser.newPage({ viewport, deviceScaleFactor: 1, locale: 'en-US' });
  for (const folder of [examples, placesExamples])
    for (const name of (await readdir(folder)).filter((file) => file.endsWith('.json')).sort()) {
      const nodes = JSON.parse(await readFile(join(folder, name), 'utf8'));
      await showExample(page, url, nodes);
      const screenshot = await page.screenshot({ clip: await boundsOfFlow(page) });
      const thumbnail = sharp(screenshot).resize({ width, withoutEnlargement: true });
      const [first] = name.toLowerCase().split(' ');
      await keep(`examples/${first}.png`, thumbnail.png({ palette: true, quality: 90, effort: 10 }));
    }
  await page.close();
}

async function showExample(page, url, nodes) {
  await openFlow(page, url, nodes.find(({ type }) => type === 'tab').id);
  const button = nodes.find(({ type, once }) => type === 'inject' && !once);
  if (button) await page.request.post(`${url}/inject/${button.id}`);
  await page.waitForTimeout(rest);
}

/** Where the nodes of the flow in sight are, with what hangs on them. */
async function boundsOfFlow(page) {
  const found = await page
    .locator('.red-ui-flow-node-group, .nanogpt-preview')
    .evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect().toJSON()));
  const [left, top] = [Math.min(...found.map(({ left }) => left)), Math.min(...found.map(({ top }) => top))];
  const [right, bottom] = [
    Math.max(...found.map(({ right }) => right)),
    Math.max(...found.map(({ bottom }) => bottom)),
  ];
  return { x: left - margin, y: top - margin, width: right - left + 2 * margin, height: bottom - top + 2 * margin };
}

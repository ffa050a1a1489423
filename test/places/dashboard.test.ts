import assert from 'node:assert/strict';
import { inspect } from '../../src/image/inspect.js';
import { type WatchedPage, requireBrowser, openPage } from '../helpers/browser.js';
import { type RunningNodeRed, startNodeRed } from '../helpers/node-red.js';
import { placesModules, readPlacesExample } from './places.js';

describe('the dashboard example', function () {
  this.timeout(120_000);
  let nodeRed: RunningNodeRed;
  let watched: WatchedPage;

  before(async function () {
    requireBrowser(this);
    nodeRed = await startNodeRed({ modules: await placesModules(), flows: readPlacesExample('Dashboard') });
    watched = await openPage();
    await watched.page.goto(`${nodeRed.url}/dashboard/images`);
  });
  after(async () => {
    await watched?.close();
    await nodeRed?.stop();
  });

  const ask = async (prompt: string): Promise<void> => {
    await watched.page.getByLabel('What do you want to see?').fill(prompt);
    await watched.page.waitForTimeout(300);
    await watched.page.getByRole('button', { name: 'Make an image' }).click();
  };
  const shown = (prompt: string) => watched.page.locator(`figure img[alt="${prompt}"]`);

  it('shows the image of the prompt, by an address of Node-RED’s own', async () => {
    await ask('a lighthouse at night');
    const image = shown('a lighthouse at night');
    await image.waitFor();
    const address = await image.getAttribute('src');
    assert.match(address ?? '', /^\/dashboard-images\/a-lighthouse-at-night-/);
    const bytes = Buffer.from(await (await nodeRed.get(address!)).arrayBuffer());
    assert.equal(inspect(bytes)?.mime, 'image/webp');
    assert.ok(bytes.length < 1_000_000);
  });

  it('lists it among those before, with what it cost', async () => {
    await ask('a fox in the snow');
    await shown('a fox in the snow').waitFor();
    const rows = watched.page.locator('table tbody tr');
    await rows.nth(1).waitFor();
    assert.match((await rows.nth(0).textContent()) ?? '', /a fox in the snow.*USD/);
    assert.match((await rows.nth(1).textContent()) ?? '', /a lighthouse at night/);
    const widths = await rows
      .locator('img')
      .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth));
    assert.ok(widths.length === 2 && widths.every((width) => width > 0));
  });

  it('shows the newest image to a browser that opens the page later', async () => {
    await watched.page.reload();
    await shown('a fox in the snow').waitFor();
  });

  it('says on the page what went wrong', async () => {
    await ask('something forbidden');
    await watched.page.getByRole('alert').waitFor();
    assert.match((await watched.page.getByRole('alert').textContent()) ?? '', /content policy/);
    assert.deepEqual(watched.faults, []);
  });
});

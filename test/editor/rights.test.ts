import assert from 'node:assert/strict';
import { useEditor } from '../helpers/editor.js';
import type { FlowNode } from '../helpers/node-red.js';
import { account, image, tab } from './flows.js';

const password = 'only for tests';
/** Of the password, by bcrypt. */
const hash = '$2y$04$czemHYuT./7rYiDjqEads.fsE/t2mdHv2hosr8f5f2Umqv3QFM/vK';
const users = ['*', 'read'].map((permissions) => ({ username: permissions, password: hash, permissions }));

describe('the dialog of an image node where users log in', function () {
  const press = { id: 'press', type: 'inject', props: [], wires: [['image']], z: 'tab', x: 80, y: 40 };
  const flows = [tab, account, press, { ...image, prompt: 'A lighthouse', promptType: 'str' }] as FlowNode[];
  const setup = useEditor({ flows, settings: { adminAuth: { type: 'credentials', users } } });

  /** Opens the node as a user who may do that. */
  async function openAs(permission: string): Promise<void> {
    const { page } = setup.watched;
    await setup.editor.logIn(permission, password);
    // Node-RED's own question who it is.
    setup.watched.faults.length = 0;
    await setup.editor.open('image');
    await page.locator('#nanogpt-model-line', { hasText: /^(?!The service is asked)./ }).waitFor();
  }

  it('shows an image to users with the permission to make one', async () => {
    const { page } = setup.watched;
    await openAs('*');
    await page.locator('#nanogpt-try > summary').click();
    await page.locator('#nanogpt-try .nanogpt-make').click();
    const shown = page.locator('#nanogpt-try img');
    await shown.waitFor();
    assert.equal(await shown.evaluate((image) => (image as HTMLImageElement).naturalWidth), 1024);
    assert.deepEqual(setup.watched.faults, []);
  });

  it('says to others that they may not, and lets them read', async () => {
    await openAs('read');
    assert.equal(
      await setup.watched.page.locator('#nanogpt-model-line').innerText(),
      'There is no list of models: Your user of Node-RED may not do this.',
    );
    assert.ok(await setup.watched.page.locator('#node-input-prompt-text').isVisible());
  });

  it('shows the Images tab only to users who may see images, and answers no one else', async function () {
    const { page } = setup.watched;
    for (const [user, isShown] of [
      ['*', true],
      ['read', false],
    ] as const) {
      await setup.editor.logIn(user, password);
      assert.equal(await page.locator('.nanogpt-tab').count(), isShown ? 1 : 0, user);
      // The first user's image of the node, which everyone else has heard of.
      if (isShown) await page.evaluate("$.post('inject/press')");
      if (isShown) await page.locator('.nanogpt-preview').waitFor();
      else assert.equal(await page.locator('.nanogpt-preview, .nanogpt-previews').count(), 0);
    }
    for (const route of ['previews', 'history', 'running', 'spending', 'unsettled', 'ending-models'])
      assert.equal((await setup.nodeRed.get(`/nanogpt-image/${route}`)).status, 401, route);
  });
});

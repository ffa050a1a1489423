import assert from 'node:assert/strict';
import { requireBrowser, openPage, type WatchedPage } from '../helpers/browser.js';
import { languages, readCatalogue } from '../helpers/catalogues.js';
import { type Editor, editorIn } from '../helpers/editor.js';
import { type FlowNode, type RunningNodeRed, startNodeRed } from '../helpers/node-red.js';
import { image as makeImage } from '../helpers/images.js';
import { type TestService, startService } from '../helpers/service.js';
import { account, cluster, image, info, tab } from './flows.js';
import { listing, manyModels } from './models.js';
import { cutOff, cutOffIn, nameless, tooWide, tooWideFor340 } from './probes.js';

const accounts = ['nanogpt', 'compatible'].map((service) => ({
  ...account,
  id: `${service}-account`,
  service,
  baseUrl: 'http://service.example',
}));
const shared = { ...accounts[0], id: 'shared-account', cluster: cluster.id, clusterAccount: 'house' };
const playing = { ...account, id: 'play-account', budget: '2' };
const press = (id: string) => ({
  id: `press-${id}`,
  type: 'inject',
  z: 'tab',
  x: 80,
  y: 400,
  props: [],
  wires: [[id]],
});
const listed = { ...account, id: 'listed-account', service: 'nanogpt' };

/** The label of the account and the status of a node without one. */
const words: Record<string, [label: string, status: string]> = {
  'en-US': ['Account', 'not configured'],
  de: ['Konto', 'nicht eingerichtet'],
  fr: ['Compte', 'non configuré'],
  ja: ['アカウント', '未設定'],
  'zh-CN': ['账户', '未配置'],
};

/** The first heading of the help of a node. */
const helpHeading: Record<string, string> = {
  'en-US': 'Inputs',
  de: 'Eingang',
  fr: 'Entrées',
  ja: '入力',
  'zh-CN': '输入',
};

/** Dialogs that show all they have, and a node without account, for its status. */
const flows = [
  tab,
  ...accounts,
  shared,
  cluster,
  { ...image, account: 'nanogpt-account' },
  { ...image, id: 'typed', y: 140, account: 'nanogpt-account', promptType: 'str' },
  { ...image, id: 'known', y: 220, account: listed.id, model: 'maker/retouch' },
  { ...info, account: 'nanogpt-account', ask: 'models' },
  playing,
  ...['made', 'lost'].map(press),
  { ...image, id: 'made', y: 340, account: playing.id, prompt: 'A lighthouse', promptType: 'str', size: '96x64' },
  { ...image, id: 'lost', y: 400, account: playing.id, prompt: 'A letter', promptType: 'str', model: 'sandbox/500' },
  { ...info, id: 'lonely', y: 260, account: '' },
] as FlowNode[];

describe('the editor in other languages', function () {
  let nodeRed: RunningNodeRed;
  let service: TestService;

  before(async function () {
    requireBrowser(this);
    service = await startService(listing(manyModels), { stays: true });
    nodeRed = await startNodeRed({ flows: [...flows, { ...listed, baseUrl: service.url }] as FlowNode[] });
    for (const id of ['made', 'lost']) await nodeRed.post(`/inject/press-${id}`);
  });

  after(async () => {
    await nodeRed?.stop();
    await service?.close();
  });

  for (const locale of languages) {
    describe(`in ${locale}`, () => {
      let watched: WatchedPage;
      let editor: Editor;

      before(async () => {
        watched = await openPage({ locale });
        editor = editorIn(watched.page, nodeRed);
        await editor.load();
        // Whichever Node-RED it is: a form is 442 px wide in Node-RED 5, and 460 px in 4.
        await watched.page.addStyleTag({ content: '.nanogpt-form { max-width: 442px; }' });
      });

      after(() => watched?.close());
      afterEach(() => editor.cancel());

      it('names the nodes and their status', async () => {
        const names = await watched.page
          .locator('#red-ui-palette-container-NanoGPT .red-ui-palette-label')
          .allInnerTexts();
        assert.deepEqual(names, ['nanogpt-image', 'nanogpt-info'].map((node) => readCatalogue(node, locale)['label.palette'])); // prettier-ignore
        const status = watched.page.locator('#lonely .red-ui-flow-node-status-label', { hasText: /./ });
        assert.equal(await status.textContent(), words[locale]?.[1]);
      });

      it('names the fields', async () => {
        await editor.open('lonely');
        assert.equal(await watched.page.locator('label[for="node-input-account"]').innerText(), words[locale]?.[0]);
      });

      for (const id of [...accounts.map((node) => node.id), 'cluster', 'image', 'typed', 'info']) {
        it(`has room for all texts of ${id}, and at 340 px nothing sticks out`, async () => {
          await editor.open(id);
          await findRoom();
          assert.deepEqual(await editor.ask(tooWideFor340), []);
        });
      }

      it('has room for what a model takes, and 500 px wide for the tools that paint a mask', async () => {
        const { page } = watched;
        await editor.open('known');
        await page.locator('#nanogpt-promoted #node-input-guidanceScale').waitFor({ state: 'attached' });
        await findRoom();
        const photo = { name: 'photo.png', mimeType: 'image/png', buffer: await makeImage('png', 60, 40) };
        await page.locator('.nanogpt-sample input[type=file]').first().setInputFiles(photo);
        await page.locator('.nanogpt-mask-buttons button').click();
        await page.locator('.nanogpt-stage').waitFor();
        await editor.ask("$('.red-ui-tray').last().css('width', '500px')");
        assert.deepEqual(await editor.ask(cutOffIn('.nanogpt-mask-editor')), []);
        await page.locator('#node-dialog-cancel:visible').click();
        await page.locator('#nanogpt-try').waitFor();
      });

      it('has room for the texts of the tab and of the dialogs over it', async () => {
        const { page } = watched;
        await editor.ask("RED.sidebar.show('nanogpt-images')");
        await page.locator('.nanogpt-unsettled li').waitFor();
        await page.locator('.nanogpt-tile img[src^="blob:"]').waitFor();
        assert.deepEqual(await editor.ask(cutOffIn('.nanogpt-tab')), []);
        await page.locator('.nanogpt-tile').click();
        await page.locator('dialog.nanogpt-view img[src^="blob:"]').waitFor();
        assert.deepEqual(await editor.ask(cutOffIn('.nanogpt-view')), []);
        await page.keyboard.press('Escape');
        await page.locator('.nanogpt-tab button').last().click();
        await page.locator('dialog.nanogpt-view select').waitFor();
        assert.deepEqual(await editor.ask(cutOffIn('.nanogpt-view')), []);
        await page.keyboard.press('Escape');
      });

      async function findRoom(): Promise<void> {
        await editor.ask(`$('.nanogpt-form details').prop('open', true)`);
        for (const probe of [cutOff, tooWide, nameless]) assert.deepEqual(await editor.ask(probe), []);
      }

      it('explains the nodes', async () => {
        await editor.ask(`RED.sidebar.help.show('nanogpt-image')`);
        const help = watched.page.locator('.red-ui-help:visible').last();
        await help.locator('h3', { hasText: String(helpHeading[locale]) }).waitFor();
      });

      it('causes no fault in the browser', () => assert.deepEqual(watched.faults, []));
    });
  }
});

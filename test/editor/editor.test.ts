import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { defaults as clusterDefaults } from '../../nodes/nanogpt-cluster/config.js';
import { defaults as accountDefaults } from '../../nodes/nanogpt-config/config.js';
import { defaults as imageDefaults } from '../../nodes/nanogpt-image/config.js';
import { defaults as infoDefaults } from '../../nodes/nanogpt-info/config.js';
import { languages } from '../helpers/catalogues.js';
import { savedNodes, useEditor } from '../helpers/editor.js';
import type { FlowNode } from '../helpers/node-red.js';
import { account, image, info, sparse, tab, unusual } from './flows.js';
import { marked, nameless, tooWide } from './probes.js';

const nodeDefaults = {
  'nanogpt-cluster': clusterDefaults,
  'nanogpt-config': accountDefaults,
  'nanogpt-image': imageDefaults,
  'nanogpt-info': infoDefaults,
};
const contextStorage = { default: 'memory', memory: { module: 'memory' }, file: { module: 'memory' } };

describe('the editor', function () {
  const setup = useEditor({ settings: { contextStorage } });

  async function load(...flow: object[]): Promise<void> {
    await setup.nodeRed.deploy([tab, ...flow] as FlowNode[], {
      account: { apiKey: 'sk-nano-1' },
      cluster: { secret: 'a secret for the tests' },
    });
    await setup.editor.load();
  }

  describe('with an empty flow', () => {
    before(() => load());

    it('shows the nodes in a category of their own', async () => {
      const category = setup.watched.page.locator('#red-ui-palette-container-NanoGPT');
      assert.equal((await category.locator('.red-ui-palette-header').innerText()).trim(), 'NanoGPT');
      assert.deepEqual(await category.locator('.red-ui-palette-label').allInnerTexts(), ['image', 'image info']);
    });

    for (const [type, defaults] of Object.entries(nodeDefaults)) {
      it(`gives a new ${type} the defaults of the runtime`, async () => {
        const entries = `Object.entries(RED.nodes.getType('${type}').defaults).map(([name, { value }]) => [name, value])`;
        assert.deepEqual(Object.fromEntries(await setup.editor.ask<[string, unknown][]>(entries)), defaults);
      });

      it(`explains ${type} in the help tab`, async () => {
        await setup.editor.ask(`RED.sidebar.help.show('${type}')`);
        const help = setup.watched.page.locator('.red-ui-help:visible').last();
        await help.locator('h3').first().waitFor();
        assert.doesNotMatch(await help.innerText(), /^###|^: /m);
        assert.ok((await help.innerText()).length > 200);
      });
    }

    it('makes a first flow: node, account, prompt, deploy', async () => {
      const { page } = setup.watched;
      const id = await setup.editor.drag('nanogpt-image');
      await setup.editor.open(id);
      await setup.editor.openWith('#node-input-btn-account-add');
      assert.ok(await page.locator('#node-config-input-apiKey').isVisible());
      await page.selectOption('#node-config-input-service', 'sandbox');
      assert.ok(await page.locator('#node-config-input-apiKey, #node-config-input-baseUrl').first().isHidden());
      await setup.editor.done();

      await setup.editor.choose('prompt', 'text');
      await page.locator('#node-input-prompt-text').fill('A lighthouse');
      await setup.editor.openWith('#node-input-prompt + .red-ui-typedInput-container .red-ui-typedInput-option-expand');
      await page.locator('.node-text-editor').click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type('\nat dusk');
      await setup.editor.done();
      assert.equal(await page.locator('#node-input-prompt-text').inputValue(), 'A lighthouse\nat dusk');
      await setup.editor.done();
      await setup.editor.deploy();

      const saved = await savedNodes(setup.nodeRed);
      const made = saved.find((node) => node.type === 'nanogpt-config');
      // Of a new account the editor saves no setting that is blank and has no field.
      assert.deepEqual(
        { ...accountDefaults, ...made },
        { ...accountDefaults, type: 'nanogpt-config', id: made?.id, service: 'sandbox' },
      );
      const node = saved.find((candidate) => candidate.id === id);
      const expected = {
        ...image,
        id,
        x: node?.x,
        y: node?.y,
        account: made?.id,
        prompt: 'A lighthouse\nat dusk',
        promptType: 'str',
      };
      assert.deepEqual(node, expected);
    });
  });

  describe('with accounts', () => {
    async function accountsOfNew(): Promise<unknown[]> {
      const ids = [
        await setup.editor.drag('nanogpt-image'),
        await setup.editor.drag('nanogpt-info', { x: 300, y: 300 }),
      ];
      return Promise.all(ids.map((id) => setup.editor.ask(`RED.nodes.node('${id}').account`)));
    }

    it('gives new nodes the only one that is enabled, counts them as its users, and leaves imported nodes', async () => {
      await load(account, { ...account, id: 'disabled', d: true });
      assert.deepEqual(await accountsOfNew(), ['account', 'account']);
      assert.equal(await setup.editor.ask("RED.nodes.node('account').users.length"), 2);
      const node = { ...image, id: 'imported', account: '' };
      await setup.editor.ask(`RED.view.importNodes([${JSON.stringify(node)}], { touchImport: true }) && 1`);
      assert.equal(await setup.editor.ask("RED.nodes.node('imported').account"), '');
    });

    it('leaves the account of new nodes open where there are two', async () => {
      await load(account, { ...account, id: 'other' });
      assert.deepEqual(await accountsOfNew(), ['', '']);
    });
  });

  describe('with settings of every kind', () => {
    before(() => load(...unusual));

    it('finds nothing to complain about', async () => {
      assert.deepEqual(await findFaults('image'), []);
      assert.deepEqual(await findFaults('account'), []);
      assert.deepEqual(await findFaults('cluster'), []);
    });

    for (const id of ['image', 'info', 'account', 'cluster']) {
      it(`shows all of ${id} and changes nothing of it`, async () => {
        await setup.editor.open(id);
        for (const probe of [marked, nameless, tooWide]) assert.deepEqual(await setup.editor.ask(probe), []);
        await setup.editor.done();
        assert.equal(await setup.editor.ask('RED.history.depth()'), 0);
      });
    }

    it('shows a saved service and question that the lists do not offer', async () => {
      await setup.editor.open('info');
      assert.equal(await setup.watched.page.locator('#node-input-ask').inputValue(), 'spending');
      await setup.editor.openWith('#node-input-btn-account-edit');
      assert.equal(await setup.watched.page.locator('#node-config-input-service').inputValue(), 'openai');
    });

    it('unfolds what is in use and shows the text with its lines', async () => {
      await setup.editor.open('image');
      assert.ok(await setup.watched.page.locator('#node-input-kontextMaxMode').isVisible());
      assert.equal(
        await setup.watched.page.locator('#node-input-prompt-text').inputValue(),
        'A lighthouse\nat {{payload}}',
      );
    });
  });

  describe('with nodes as an older or a written flow has them', () => {
    before(() => load(...sparse));

    it('takes a missing setting for its default', async () => {
      assert.deepEqual([...(await findFaults('image')), ...(await findFaults('account'))], []);
      await setup.editor.open('image');
      assert.ok(await setup.watched.page.locator('#node-input-kontextMaxMode').isHidden());
      await setup.editor.done();
      const entries = `Object.keys(RED.nodes.getType('nanogpt-image').defaults).map((name) => [name, RED.nodes.node('image')[name]])`;
      const kept = Object.fromEntries(await setup.editor.ask<[string, unknown][]>(entries));
      assert.deepEqual(kept, { ...imageDefaults, account: 'account' });
    });
  });

  describe('with bad values', () => {
    before(() => load(account, image, info));

    const bad = {
      count: ['0', 'Count: a whole number, 1 or more'],
      seed: ['1.5', 'Seed: a whole number'],
      strength: ['2', 'Strength: a number from 0 to 1'],
      guidanceScale: ['x', 'Guidance scale: a number from 0 to 20'],
      steps: ['0', 'Steps: a whole number from 1 to 100'],
      parameters: ['[1]', 'Parameters: a JSON object'],
      image: ['snap[', 'Invalid property expression'],
    } as const;

    it('marks each field and says what is wrong with it', async () => {
      const { page } = setup.watched;
      await setup.editor.open('image');
      await page.locator('#nanogpt-more summary').click();
      await page.selectOption('#node-input-account', '_ADD_');
      await setup.editor.choose('prompt', 'text');
      for (const [name, [value]] of Object.entries(bad)) await setup.editor.type(name, value);
      const wrong = (await setup.editor.ask<string[]>(marked)).filter((id) => id);
      const fields = ['account', 'prompt', ...Object.keys(bad)].map((name) => `node-input-${name}`);
      assert.deepEqual(wrong.sort(), fields.sort());
      await page.locator('#node-input-count + .red-ui-typedInput-container .red-ui-typedInput-input-wrap').hover();
      assert.equal(await page.locator('.red-ui-popover:visible').innerText(), bad.count[1]);
      await setup.editor.done();

      const said = await findFaults('image');
      const expected = [
        'Account: choose one',
        'Prompt: say what to paint',
        ...Object.values(bad).map(([, sentence]) => sentence),
      ];
      for (const sentence of expected)
        assert.ok(
          said.some((fault) => fault.startsWith(sentence)),
          `${sentence} in ${said.join(', ')}`,
        );
      assert.equal(said.length, expected.length);
    });

    const addresses: [service: string, baseUrl: string, good: boolean][] = [
      ['nanogpt', '', true],
      ['nanogpt', 'api.nano-gpt.com', true],
      ['nanogpt', 'https://nano-gpt.com/api/v1', true],
      ['nanogpt', '${NANOGPT_URL}', true],
      ['nanogpt', 'ftp://nano-gpt.com', false],
      ['nanogpt', 'two words', false],
      ['compatible', '', false],
      ['compatible', 'http://192.168.1.20:8080/v1', true],
      ['compatible', 'localhost:8080', true],
      ['sandbox', 'two words', true],
    ];

    it('judges a base URL by the service', async () => {
      const { page } = setup.watched;
      await setup.editor.open('account');
      for (const [service, baseUrl, good] of addresses) {
        await page.selectOption('#node-config-input-service', 'compatible');
        await page.fill('#node-config-input-baseUrl', baseUrl);
        await page.selectOption('#node-config-input-service', service);
        const faulty = await page.locator('#node-config-input-baseUrl.input-error').count();
        assert.equal(faulty === 0, good, `${service} ${baseUrl}`);
      }
    });

    it('asks for a key where one is needed, and for one that makes images', async () => {
      const { page } = setup.watched;
      const faulty = page.locator('#node-config-input-apiKey.input-error');
      await setup.editor.open('account');
      await page.selectOption('#node-config-input-service', 'nanogpt');
      for (const [key, good] of Object.entries({
        '': false,
        'sk-nano-1': true,
        'sk-nano-mgmt-1': false,
        'two words': false,
        '${NANOGPT_KEY}': true,
      })) {
        await page.fill('#node-config-input-apiKey', key);
        await page.keyboard.press('Tab');
        assert.equal((await faulty.count()) === 0, good, key);
      }
    });

    it('shows what was spent so far', async () => {
      await setup.editor.open('account');
      const spent = setup.watched.page.locator('#nanogpt-spent', { hasText: 'Spent' });
      assert.equal(
        await spent.textContent(),
        'Spent: 0.00 play money this hour, 0.00 play money today, 0.00 play money this month.',
      );
    });

    it("offers NanoGPT's own hosts", async () => {
      const { page } = setup.watched;
      await setup.editor.open('account');
      await page.selectOption('#node-config-input-service', 'nanogpt');
      await page.locator('#nanogpt-network summary').click();
      await page.locator('#node-config-input-baseUrl').pressSequentially('api');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      assert.equal(await page.locator('#node-config-input-baseUrl').inputValue(), 'https://api.nano-gpt.com');
    });

    it('shows the filter for models only', async () => {
      await setup.editor.open('info');
      assert.ok(await setup.watched.page.locator('#node-input-filter').isHidden());
      await setup.watched.page.selectOption('#node-input-ask', 'models');
      assert.ok(await setup.watched.page.locator('#node-input-filter').isVisible());
    });
  });

  describe('after all that', () => {
    it('causes no fault in the browser', () => {
      assert.deepEqual(setup.watched.faults, []);
    });

    it('adds no more than 66 KB of pages to the editor, in whatever language', async () => {
      const folder = join(setup.nodeRed.userDir, 'node_modules/@flow-easel/node-red-nanogpt/dist/nodes');
      const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.html'));
      for (const language of languages) {
        const loaded = files.filter((file) => !file.includes('locales') || file.includes(join('locales', language)));
        const sizes = await Promise.all(loaded.map(async (file) => (await readFile(join(folder, file))).length));
        assert.equal(sizes.length, 9, language);
        assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= 66_000, `${language}: ${sizes}`);
      }
    });
  });

  function findFaults(id: string): Promise<string[]> {
    return setup.editor.ask(`RED.nodes.node('${id}').validationErrors ?? []`);
  }
});

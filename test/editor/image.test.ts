import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { barriers } from '../helpers/axe.js';
import { useEditor } from '../helpers/editor.js';
import type { FlowNode } from '../helpers/node-red.js';
import { type TestService, startService } from '../helpers/service.js';
import { account, image, tab } from './flows.js';
import { listing, manyModels } from './models.js';
import { marked, nameless, tooWide } from './probes.js';
import { testTypedModels } from './typed-models.js';

const sketch = 'maker/sketch/text-to-image';

const prices: [what: string, settings: object, price: string][] = [
  ['of one image', { model: sketch, size: '1024x1024' }, '0.04 USD an image'],
  ['by the size', { model: sketch, size: '1536*1024' }, '0.06 USD an image'],
  ['of all images', { model: sketch, size: '1024x1024', count: '4' }, '0.04 USD an image, 0.16 USD for 4'],
  ['up to which it goes where the size is left to the model', { model: sketch }, 'up to 0.06 USD an image'],
  ['by the quality', { model: 'maker/retouch', quality: 'low' }, '0.01 USD an image'],
  [
    'by the parameters, which win',
    { model: 'x', parameters: `{"model":"${sketch}","size":"1024x1024","n":2}` },
    '0.04 USD an image, 0.08 USD for 2',
  ],
  [
    'of as many as the model always makes',
    { model: 'maker/pair', count: 'n', countType: 'msg' },
    '0.05 USD an image, 0.10 USD for 2',
  ],
  ["of the account's model", { account: 'named' }, '0.01 USD an image'],
  [
    'of one only where the message says how many',
    { account: 'named', count: 'n', countType: 'msg' },
    '0.01 USD an image; the message says how many',
  ],
  [
    'of the built-in service as play money',
    { account: 'builtIn', model: 'sandbox/ink', size: '800x480', count: '2' },
    'free (0.004 play money an image, 0.008 play money for 2)',
  ],
  ['unknown where the list has none', { model: 'maker/secret' }, 'unknown'],
  ['unknown at another size', { model: sketch, size: '64x64' }, 'unknown'],
  ['unknown of a model that is not listed', { model: 'my/own' }, 'unknown'],
  ['unknown where the message names the model', { model: 'model', modelType: 'msg' }, 'unknown'],
  ['unknown where the environment names the model', { model: '${MODEL}' }, 'unknown'],
  [
    'unknown where the parameters come with the message',
    { model: sketch, parameters: 'more', parametersType: 'msg' },
    'unknown',
  ],
];

const others = {
  image: {},
  kept: {},
  changed: { model: sketch },
  unlisted: { account: 'unreachable', model: 'any/model', count: '2' },
  homeless: { account: '' },
  faulty: {
    prompt: 'A {{topic',
    promptType: 'str',
    deliver: 'some',
    output: 'paper',
    responseFormat: 'fax',
    kontextMaxMode: 'yes',
    outputSize: '800',
    reuse: '1',
    account: 'forgetful',
  },
  full: { model: 'maker/retouch', count: '20', size: '1x1', prompt: 'A {{topic}}', promptType: 'str' },
  unknown: { model: 'my/own', count: '20', size: '1x1' },
};

describe('the dialog of an image node', function () {
  const setup = useEditor();
  let service: TestService;
  /** Paths asked of Node-RED since the dialog was opened. */
  let asked: string[] = [];

  before(async function () {
    service = await startService(listing(manyModels), { stays: true });
    const listed = { ...account, service: 'nanogpt', baseUrl: service.url };
    const accounts = [
      listed,
      { ...listed, id: 'named', model: 'filler/1/image' },
      { ...listed, id: 'unreachable', baseUrl: 'http://127.0.0.1:9' },
      { ...account, id: 'builtIn' },
      { ...account, id: 'forgetful', history: 'off' },
    ];
    const nodes = [
      ...Object.entries(others),
      ...prices.map(([, settings], index) => [`price${index}`, settings] as const),
    ].map(([id, settings]) => ({ ...image, ...settings, id }));
    const key = { apiKey: 'sk-nano-1' };
    await setup.nodeRed.deploy([tab, ...accounts, ...nodes] as FlowNode[], {
      account: key,
      named: key,
      unreachable: key,
    });
    setup.watched.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await setup.editor.load();
  });

  after(() => service?.close());

  const field = (name: string): Locator =>
    setup.watched.page.locator(`#node-input-${name} + .red-ui-typedInput-container .red-ui-typedInput-input`);
  const list = (): Locator => setup.watched.page.locator('.nanogpt-list:visible');
  const choices = (): Locator => list().locator('[role=option]:visible');
  const filter = (name: string): Locator => list().getByRole('button', { name, exact: true });
  const found = (name: string): Locator => setup.watched.page.locator(`#nanogpt-diagnostic-${name}`);
  const price = (): Promise<string> => setup.watched.page.locator('#nanogpt-price').innerText();
  // What is out of sight has no inner text: the browser does not lay it out.
  const markedChoice = async (): Promise<string> =>
    (await list().locator('[aria-selected=true] .nanogpt-name').allTextContents()).join();

  /** Opens a node, and waits for what the service of its account lists. */
  async function open(id = 'image'): Promise<void> {
    asked = [];
    await setup.editor.open(id);
    await setup.watched.page.waitForFunction(
      `$('#nanogpt-model-line').text() !== 'Asking the service for its models …'`,
    );
  }

  async function choose(model: string): Promise<void> {
    await setup.editor.type('model', model);
  }

  describe('chooses the model from 200', () => {
    beforeEach(() => open());

    it('with the field in sight where the window is 533 px high', async () => {
      const { page } = setup.watched;
      const usual = page.viewportSize()!;
      await page.setViewportSize({ ...usual, height: 533 });
      await field('model').pressSequentially('filler');
      await list().waitFor();
      const inSight = await field('model').evaluate((input) => {
        const { left, top, width, height } = input.getBoundingClientRect();
        return document.elementFromPoint(left + width / 2, top + height / 2) === input;
      });
      const box = (await list().boundingBox())!;
      await page.setViewportSize(usual);
      assert.ok(inSight);
      assert.ok(box.y >= 0 && box.y + box.height <= 533, JSON.stringify(box));
    });

    it('by a part of the name', async () => {
      await field('model').pressSequentially('sket');
      assert.deepEqual(await choices().locator('.nanogpt-name').allTextContents(), ['Sketch']);
      assert.equal(await list().locator('[role=status]').innerText(), '1 of 200 models');
    });

    it('by words of the id and the name, in any order', async () => {
      await field('model').pressSequentially('image 17 filler');
      const names = await choices().locator('.nanogpt-name').allTextContents();
      assert.deepEqual(names, [
        'Filler 117',
        'Filler 17',
        ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => `Filler 17${digit}`),
      ]);
    });

    it('with a click, and shows what it can do', async () => {
      await field('model').click();
      await choices().filter({ hasText: 'Retouch' }).click();
      assert.equal(await field('model').inputValue(), 'maker/retouch');
      assert.equal(await setup.watched.page.locator('#nanogpt-model-line').innerText(), 'Retouch text image inpaint');
    });

    it('with a click whose row moves away below the mouse', async () => {
      await field('model').click();
      await choices().filter({ hasText: 'Retouch' }).hover();
      await setup.watched.page.mouse.down();
      await list()
        .getByRole('listbox')
        .evaluate((box) => box.scrollBy(0, -46));
      await setup.watched.page.mouse.up();
      assert.equal(await field('model').inputValue(), 'maker/retouch');
    });

    it('from rows that move none of the others when they are drawn for the first time', async () => {
      await field('model').click();
      const measure = (): Promise<number> =>
        list()
          .getByRole('listbox')
          .evaluate((box) => box.scrollHeight);
      const before = await measure();
      await choices().last().hover();
      assert.equal(await measure(), before);
    });

    it('with the keyboard alone', async () => {
      const { page } = setup.watched;
      await field('model').press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      assert.equal(await markedChoice(), 'Filler 0');
      assert.equal(
        await field('model').getAttribute('aria-activedescendant'),
        await list().locator('[aria-selected=true]').getAttribute('id'),
      );
      await page.keyboard.press('End');
      assert.equal(await markedChoice(), 'Sketch');
      await page.keyboard.press('ArrowDown');
      assert.equal(await markedChoice(), 'Filler 0');
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Enter');
      assert.equal(await field('model').inputValue(), sketch);
      assert.ok(await list().isHidden());
    });

    it('by what it can do, reached with the keyboard', async () => {
      const { page } = setup.watched;
      await field('model').press('ArrowDown');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      assert.equal(await filter('image').getAttribute('aria-pressed'), 'true');
      assert.equal(await choices().count(), 51);
      await filter('inpaint').press('Enter');
      assert.deepEqual(await choices().locator('.nanogpt-name').allTextContents(), ['Retouch']);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      assert.equal(await field('model').inputValue(), 'maker/retouch');
    });

    it('with the price at the present size', async () => {
      await setup.editor.type('size', '1536x1024');
      await field('model').pressSequentially('maker');
      const prices = await choices().locator('.nanogpt-price').allTextContents();
      assert.deepEqual(prices, ['0.05 USD', 'up to 0.10 USD', 'price unknown', 'up to 0.30 USD', '0.06 USD']);
    });

    it('or takes any other id', async () => {
      await field('model').pressSequentially('my/own-model');
      assert.equal(
        await list().locator('[role=status]').innerText(),
        'No model in the list matches. Any other id can be used too.',
      );
      await setup.watched.page.keyboard.press('Tab');
      assert.equal(await found('model').innerText(), 'The service does not list this model. It may still work.');
      await setup.editor.done();
      assert.equal(await setup.editor.ask(`RED.nodes.node('image').model`), 'my/own-model');
      await setup.editor.ask('RED.history.pop()');
    });

    it('and closes the list, not the dialog, with Escape', async () => {
      await field('model').pressSequentially('sk');
      await setup.watched.page.keyboard.press('Escape');
      assert.ok(await list().isHidden());
      assert.equal(await field('model').inputValue(), 'sk');
      assert.ok(await field('model').isVisible());
    });

    it('and offers nothing where the message names the model', async () => {
      await setup.editor.choose('model', 'msg.');
      await field('model').click();
      assert.ok(await list().isHidden());
      assert.equal(await field('model').getAttribute('role'), null);
    });
  });

  describe('fits its fields to the model', () => {
    beforeEach(() => open());

    it('offers the sizes with their prices, and takes any other', async () => {
      await choose(sketch);
      await field('size').click();
      assert.deepEqual(await choices().locator('> *').allTextContents(), [
        '1024x1024',
        '0.04 USD',
        '1536x1024',
        '0.06 USD',
      ]);
      await choices().nth(1).click();
      assert.equal(await field('size').inputValue(), '1536x1024');
      await setup.editor.type('size', '64*64');
      assert.equal(await found('size').innerText(), 'Sketch does not list this size.');
    });

    it('has the prices in the list of a field that moves them, and writes what is chosen into the parameters', async () => {
      const { page } = setup.watched;
      await choose('maker/sharp');
      const list = page.getByLabel('resolution', { exact: true });
      assert.deepEqual(await list.locator('option').allTextContents(), [
        "the model's own: 1k",
        '1k · 0.02 USD',
        '4k · 0.30 USD',
      ]);
      assert.equal(await price(), 'up to 0.30 USD an image');
      await list.selectOption('4k');
      assert.equal(await price(), '0.30 USD an image');
      assert.equal(await setup.editor.ask(`$('#node-input-parameters').typedInput('value')`), '{"resolution":"4k"}');
      assert.equal(await page.locator('#nanogpt-further').textContent(), 'This model also takes: clip_skip.');
      await list.selectOption('');
      assert.equal(await setup.editor.ask(`$('#node-input-parameters').typedInput('value')`), '{}');
      await choose('maker/retouch');
      assert.equal(await list.count(), 0);
    });

    it('brings what it takes out of “More”, with values, range and default', async () => {
      await choose('maker/retouch');
      assert.equal(await field('guidanceScale').getAttribute('placeholder'), "the model's own: 3.5 (1 to 12)");
      assert.equal(await field('steps').getAttribute('placeholder'), 'not sent (4 to 50)');
      assert.equal(await field('quality').getAttribute('placeholder'), "the model's own: high");
      for (const name of ['guidanceScale', 'steps', 'quality', 'strength'])
        assert.ok(await field(name).isVisible(), name);
      assert.ok(await setup.watched.page.locator('#node-input-kontextMaxMode').isVisible());
      assert.ok(await field('seed').isHidden());
      await field('quality').click();
      assert.deepEqual(
        (await choices().allTextContents()).map((text) => text.trim()),
        ['low', 'high'],
      );
      await setup.watched.page.locator('#nanogpt-more > summary').click();
      assert.equal(
        await setup.watched.page.locator('#nanogpt-further').innerText(),
        'This model also takes: lora_scale.',
      );
    });

    it('says which values it does not take', async () => {
      await choose('maker/retouch');
      await setup.editor.type('guidanceScale', '15');
      assert.equal(await found('guidanceScale').innerText(), 'Retouch takes 12 or less here.');
      await setup.editor.type('steps', '3');
      assert.equal(await found('steps').innerText(), 'Retouch takes 4 or more here.');
      await setup.editor.type('quality', 'medium');
      assert.equal(await found('quality').innerText(), 'Retouch does not list this value.');
      await setup.editor.type('quality', 'low');
      assert.equal(await found('quality').innerText(), '');
    });

    it('puts it back for another model, and hides nothing that is set', async () => {
      await choose('maker/retouch');
      await setup.editor.type('steps', '20');
      await choose(sketch);
      assert.ok(await field('steps').isVisible());
      assert.ok(
        await setup.watched.page.locator('#nanogpt-more').evaluate((more) => (more as HTMLDetailsElement).open),
      );
      assert.equal(await setup.watched.page.locator('#nanogpt-promoted').locator('.form-row').count(), 0);
      assert.equal(await field('guidanceScale').getAttribute('placeholder'), 'not sent (0 to 20)');
    });

    it('says how many images it makes', async () => {
      await choose(sketch);
      assert.equal(await field('count').getAttribute('placeholder'), '1 (at most 4)');
      await setup.editor.type('count', '5');
      assert.equal(await found('count').innerText(), 'Sketch makes at most 4 in one request.');
      await setup.editor.type('count', '4');
      assert.equal(await found('count').innerText(), '');
      await choose('maker/pair');
      assert.equal(await found('count').innerText(), 'Pair always makes 2 in one request.');
    });

    it('says what it cannot do with an image, and with a mask where one is set', async () => {
      await choose(sketch);
      assert.equal(await found('image').innerText(), 'Sketch makes images from text only: it takes no input image.');
      assert.equal(await found('mask').innerText(), '');
      await setup.editor.type('mask', 'drawn');
      assert.equal(await found('mask').innerText(), 'Sketch cannot inpaint: leave the mask out.');
      assert.equal(await found('mask').locator('.nanogpt-warning').count(), 1);
      await choose('maker/pair');
      assert.equal(await found('image').innerText(), 'Pair needs an image to start from.');
      await choose('maker/retouch');
      assert.equal(await found('mask').innerText(), '');
    });

    it('changes nothing that is saved', async () => {
      const before = await setup.editor.ask('RED.history.depth()');
      await setup.editor.done();
      assert.equal(await setup.editor.ask('RED.history.depth()'), before);
    });
  });

  describe('says the price', () => {
    for (const [index, [what, , expected]] of prices.entries()) {
      it(what, async () => {
        await open(`price${index}`);
        assert.equal(await price(), expected);
      });
    }

    it('and follows size and count while they are changed', async () => {
      await open('changed');
      await field('count').fill('3');
      assert.equal(await price(), 'up to 0.06 USD an image, up to 0.18 USD for 3');
      await setup.editor.type('size', '1024x1024');
      assert.equal(await price(), '0.04 USD an image, 0.12 USD for 3');
    });
  });

  describe('asks for what it shows', () => {
    const ours = (): string[] => asked.filter((path) => path.startsWith('/nanogpt-'));

    it('once when it opens', async () => {
      await open();
      assert.deepEqual(ours(), ['/nanogpt-config/models']);
    });

    it('and loads its code once, with the first of all dialogs', async () => {
      await setup.editor.load();
      await open();
      assert.equal(asked.filter((path) => path.endsWith('/dialogs.js')).length, 1);
      await setup.editor.cancel();
      await open();
      assert.equal(asked.filter((path) => path.endsWith('/dialogs.js')).length, 0);
    });

    it('again only when another account is chosen, or it was changed', async () => {
      await open();
      await setup.editor.openWith('#node-input-btn-account-edit');
      await setup.editor.dismiss();
      const after = ours().length;
      await setup.watched.page.selectOption('#node-input-account', '_ADD_');
      assert.equal(ours().length, after);
      const listed = setup.watched.page.waitForResponse('**/nanogpt-config/models');
      await setup.watched.page.selectOption('#node-input-account', 'account');
      await listed;
      assert.equal(ours().length, after + 1);
    });

    it('not without an account, and shows how to get one', async () => {
      const { page } = setup.watched;
      await open('homeless');
      assert.deepEqual(ours(), []);
      assert.ok(await page.locator('#nanogpt-price').isHidden());
      assert.ok(await field('count').isVisible());
      await setup.editor.openWith('#nanogpt-add-account');
      assert.ok(await page.locator('#node-config-input-apiKey').isVisible());
    });

    it('and works without an answer, and says why', async () => {
      await open('unlisted');
      const line = await setup.watched.page.locator('#nanogpt-model-line').innerText();
      assert.equal(
        line,
        'There is no list of models: No connection to 127.0.0.1:9 could be made: check the network and the base URL of the account.',
      );
      assert.equal(await price(), 'unknown');
      assert.equal(await found('model').innerText(), '');
      await field('model').click();
      assert.ok(await list().isHidden());
    });
  });

  describe('is accessible', () => {
    it('marks a tag of the prompt that is not closed, and what is none of the choices of a list', async () => {
      await open('faulty');
      const expected = ['prompt', 'output', 'deliver', 'kontextMaxMode', 'responseFormat', 'outputSize', 'reuse'].map(
        (name) => `node-input-${name}`,
      );
      assert.deepEqual((await setup.editor.ask<string[]>(marked)).filter((id) => id).sort(), expected.sort());
      assert.equal(await setup.watched.page.locator('#node-input-deliver').inputValue(), 'some');
      const faults = await setup.editor.ask<string[]>(`RED.nodes.node('faulty').validationErrors`);
      assert.ok(
        faults.includes('Prompt: say what to paint or where to read it, and close every {{tag}}'),
        faults.join(),
      );
      assert.ok(faults.includes('Send: choose one from the list'), faults.join());
      assert.ok(faults.includes('Reuse: the account keeps no history to answer from'), faults.join());
    });

    for (const id of ['full', 'unknown']) {
      it(`has no barrier and no overflow where the model is ${id}`, async () => {
        await open(id);
        await setup.editor.ask(`$('.nanogpt-form details').prop('open', true)`);
        // To look at all 200 models of the comparison takes long and tells no more.
        await setup.watched.page.getByLabel('Search for a model').fill('maker');
        for (const probe of [nameless, tooWide]) assert.deepEqual(await setup.editor.ask(probe), []);
        assert.deepEqual(await barriers(setup.watched.page), []);
      });
    }

    it('has no violation of axe-core in the list of models', async () => {
      await open();
      await field('model').press('ArrowDown');
      await setup.watched.page.keyboard.press('ArrowDown');
      assert.deepEqual(await barriers(setup.watched.page), []);
    });
  });

  describe('with models', () => testTypedModels(setup));

  // In a suite of its own: mocha runs the tests of a suite before the suites in it.
  describe('after all that', () => {
    it('causes no fault in the browser', () => assert.deepEqual(setup.watched.faults, []));
  });
});

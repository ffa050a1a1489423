import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import sharp from 'sharp';
import { barriers } from '../helpers/axe.js';
import { savedNodes, useEditor } from '../helpers/editor.js';
import { draftEvents } from '../helpers/event-stream.js';
import type { FlowNode } from '../helpers/node-red.js';
import { answer, dataUrl, mask, image as makeImage, turned } from '../helpers/images.js';
import { type Reply, type Seen, type TestService, startService } from '../helpers/service.js';
import { account, image, tab } from './flows.js';
import { listing, manyModels } from './models.js';

const key = 'sk-nano-nobody-may-see-this';

/** Counts the object URLs of the page that are made and not revoked. */
const counted = `(() => {
  window.held = new Set();
  const { createObjectURL, revokeObjectURL } = URL;
  URL.createObjectURL = (blob) => { const url = createObjectURL(blob); held.add(url); return url; };
  URL.revokeObjectURL = (url) => { held.delete(url); revokeObjectURL(url); };
})()`;

const nodes = {
  plain: {
    model: 'maker/sketch/text-to-image',
    size: '1024x1024',
    prompt: 'A lighthouse',
    promptType: 'str',
    image: '',
    mask: '',
  },
  compared: {
    model: 'maker/sketch/text-to-image',
    size: '1024x1024',
    count: '3',
    quality: 'high',
    seed: '5',
    parameters: '{"style":"ink"}',
    prompt: 'A lighthouse',
    promptType: 'str',
  },
  drafting: { account: 'compatible', model: 'painter', prompt: 'A lighthouse', promptType: 'str', drafts: true },
  refused: { account: 'builtIn', model: 'sandbox/402', prompt: 'A lighthouse', promptType: 'str' },
  tags: {
    prompt: 'A {{topic}} at {{payload.place}} with {{! nothing }}{{#more}}more{{/more}} {{flow.x}}',
    promptType: 'str',
    image: '',
    mask: '',
  },
  read: {
    model: 'model',
    modelType: 'msg',
    count: 'n',
    countType: 'msg',
    mask: 'drawn',
    parameters: 'more',
    parametersType: 'msg',
  },
};

describe('Try it', function () {
  const setup = useEditor();
  let service: TestService;
  let made: Reply;
  let photo: Buffer;
  /** Answers of the service that wait to be let go. */
  let held: (() => void)[] = [];

  before(async function () {
    photo = await makeImage();
    made = answer([photo], { cost: 0.05 });
    service = await startService(listing(manyModels, made), { stays: true });
    const accounts = [
      { ...account, service: 'nanogpt', baseUrl: service.url },
      { ...account, id: 'builtIn' },
      { ...account, id: 'compatible', service: 'compatible', baseUrl: service.url },
    ];
    const flow = [
      tab,
      ...accounts,
      ...Object.entries(nodes).map(([id, settings]) => ({ ...image, ...settings, id })),
    ] as FlowNode[];
    await setup.nodeRed.deploy(flow, { account: { apiKey: key } });
    await setup.editor.load();
    await setup.watched.page.evaluate(counted);
  });

  after(() => service?.close());

  beforeEach(() => {
    held = [];
    service.reply = listing(manyModels, made);
    service.seen.length = 0;
  });

  const button = (): Locator => setup.watched.page.locator('#nanogpt-try .nanogpt-make');
  const status = (): Locator => setup.watched.page.locator('#nanogpt-try .nanogpt-status');
  const shown = (): Locator => setup.watched.page.locator('#nanogpt-try img');
  const sample = (label: string): Locator => setup.watched.page.getByLabel(label, { exact: true });
  const paid = (): Seen[] =>
    service.seen.filter(({ method, path }) => method === 'POST' && path.endsWith('/images/generations'));
  const objectUrls = (): Promise<number> => setup.editor.ask<number>('held.size');

  async function open(id: string): Promise<void> {
    await setup.editor.open(id);
    await setup.watched.page.locator('#nanogpt-try > summary').click();
    await setup.watched.page.waitForFunction(
      `$('#nanogpt-model-line').text() !== 'Asking the service for its models …'`,
    );
  }

  /** Presses the button, and gives what is said when it can be pressed again. */
  async function make(): Promise<string> {
    await button().click();
    await setup.watched.page.locator('#nanogpt-try .nanogpt-make:enabled').waitFor();
    return status().innerText();
  }

  function file(buffer: Buffer): { name: string; mimeType: string; buffer: Buffer } {
    return { name: 'photo.png', mimeType: 'image/png', buffer };
  }

  /** Lets the service answer only when it is told to. */
  function hold(): void {
    service.reply = (seen, response) => {
      if (seen.path.includes('models')) return manyModels;
      held.push(() => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(made.body)));
      return undefined;
    };
  }

  /** Whether something ends above the strip with the price, which covers what is below. */
  async function isAboveStrip(selector: string): Promise<void> {
    const boxes = ['#nanogpt-strip', selector].map((each) => setup.watched.page.locator(each).boundingBox());
    const [strip, shown] = await Promise.all(boxes);
    assert.ok(shown!.y + shown!.height <= strip!.y, `${selector} is out of sight`);
  }

  it('makes an image from a new node and a new account, without deploying', async () => {
    const { page } = setup.watched;
    const saved = await savedNodes(setup.nodeRed);
    const id = await setup.editor.drag('nanogpt-image');
    await setup.editor.open(id);
    await page.selectOption('#node-input-account', '_ADD_');
    await setup.editor.openWith('#nanogpt-add-account');
    await page.selectOption('#node-config-input-service', 'sandbox');
    await setup.editor.done();
    await page.locator('#nanogpt-model-line', { hasText: 'Painter' }).waitFor();
    await page.locator('#nanogpt-try > summary').click();
    await sample('Prompt msg.payload').fill('A lighthouse at dusk');
    assert.equal(await button().innerText(), 'Make it (free)');
    assert.match(await make(), /^It cost 0\.01 play money and took [\d.]+ s\.$/);
    assert.match(await page.locator('#nanogpt-try figcaption').innerText(), /^1024 × 1024, PNG, [\d.]+ [kM]B\s+Save$/);
    assert.equal(await shown().evaluate((element) => (element as HTMLImageElement).naturalWidth), 1024);
    await isAboveStrip('#nanogpt-try figcaption');
    assert.deepEqual(await savedNodes(setup.nodeRed), saved);
  });

  it('has the price on the button, and says what it did cost', async () => {
    await open('plain');
    assert.equal(await button().innerText(), 'Make it for 0.04 USD');
    await setup.editor.type('count', '3');
    assert.equal(await button().innerText(), 'Make it for 0.12 USD');
    await setup.editor.type('model', 'my/own');
    assert.equal(await button().innerText(), 'Make it (price unknown)');
    assert.match(
      await make(),
      /^It cost 0\.05 USD and took [\d.]+ s\.\n1 of 3 images came back\.\nThe image is 6x4, not 1024x1024 as asked\.$/,
    );
    assert.equal(paid().length, 1);
  });

  it('sends one request for one click, and says that it is under way', async () => {
    hold();
    await open('plain');
    await button().dblclick();
    await service.saw(1);
    assert.ok(await button().isDisabled());
    assert.equal(await status().innerText(), 'The image is being made. This can take a minute.');
    assert.equal(await status().getAttribute('role'), 'status');
    held[0]!();
    await shown().waitFor();
    assert.equal(paid().length, 1);
  });

  it('says a problem with what was charged', async () => {
    await open('refused');
    assert.match(
      await make(),
      /^The balance of the account is too low: add funds with the service\. .*\nNothing was charged\.$/,
    );
    assert.equal(await shown().count(), 0);
  });

  it('says it where Node-RED itself does not answer, and sends nothing again', async () => {
    const { page } = setup.watched;
    await open('plain');
    await page.route('**/nanogpt-image/try', (route) => route.fulfill({ status: 502 }));
    assert.equal(await make(), 'Node-RED could not do this (HTTP 502): look into its log.\nIt may have been charged.');
    await page.unroute('**/nanogpt-image/try');
    assert.equal(paid().length, 0);
    setup.watched.faults.length = 0;
  });

  it('keeps what was made while the dialog is open, the newest first, and gives its memory back when it closes', async () => {
    await open('plain');
    await make();
    await make();
    assert.equal(await shown().count(), 2);
    assert.equal(await objectUrls(), 2);
    await setup.editor.cancel();
    assert.equal(await objectUrls(), 0);
    await open('plain');
    await make();
    await setup.editor.done();
    assert.equal(await objectUrls(), 0);
  });

  it('drops what comes after the dialog was closed', async () => {
    hold();
    await open('plain');
    const answered = setup.watched.page.waitForResponse('**/nanogpt-image/try');
    await button().click();
    await service.saw(1);
    await setup.editor.cancel();
    held[0]!();
    await (await answered).finished();
    assert.equal(await objectUrls(), 0);
    await open('plain');
    assert.equal(await status().innerText(), '');
  });

  it('shows partial images while it waits, the newest only, and the finished image in their place', async () => {
    const drafts = await Promise.all([20, 30].map((side) => makeImage('png', side, side)));
    const events = draftEvents(drafts, photo);
    let write: () => void = () => undefined;
    service.reply = (seen, response) => {
      if (seen.path.includes('models')) return { body: { data: [{ id: 'painter' }] } };
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      write = () => void (events.length > 1 ? response.write(events.shift()) : response.end(events.shift()));
      write();
      return undefined;
    };
    await open('drafting');
    const draft = setup.watched.page.locator('.nanogpt-draft');
    await button().click();
    for (const side of [20, 30]) {
      await setup.watched.page.waitForFunction(`$('.nanogpt-draft img')[0]?.naturalWidth === ${side}`);
      assert.match(await draft.innerText(), /^Draft/);
      assert.deepEqual([await shown().count(), await objectUrls()], [1, 1]);
      write();
    }
    await setup.watched.page.locator('#nanogpt-try .nanogpt-make:enabled').waitFor();
    assert.equal(await draft.count(), 0);
    assert.equal(
      await shown()
        .first()
        .evaluate((element) => (element as HTMLImageElement).naturalWidth),
      6,
    );
    assert.equal(await objectUrls(), 1);
  });

  it('shows an SVG only as what an <img> can do with it, wherever it is opened', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><script>top.hacked = 1</script></svg>';
    service.reply = listing(manyModels, answer([Buffer.from(svg)]));
    await open('plain');
    await make();
    const [url, link] = [await shown().getAttribute('src'), setup.watched.page.locator('#nanogpt-try figcaption a')];
    // As a blob it would be a page of the editor in a tab of its own.
    assert.match(String(url), /^data:image\/svg\+xml/);
    assert.match(String(await link.getAttribute('href')), /^data:image\/svg\+xml/);
    assert.match(String(await link.getAttribute('download')), /\.svg$/);
    assert.equal(await shown().evaluate((element) => (element as HTMLImageElement).naturalWidth), 30);
    assert.equal(await setup.editor.ask('typeof hacked'), 'undefined');
  });

  it('can be cancelled, says what that means for the money, and can be pressed again', async () => {
    hold();
    await open('plain');
    await button().click();
    await service.saw(1);
    await setup.watched.page.locator('.nanogpt-waiting').waitFor();
    await setup.watched.page.getByRole('button', { name: 'Cancel', exact: true }).last().click();
    await setup.watched.page.locator('#nanogpt-try .nanogpt-make:enabled').waitFor();
    assert.equal(
      await status().innerText(),
      'Cancelled. A request that was already sent is still completed.\nIt may have been charged.',
    );
    held[0]!();
    setup.watched.faults.length = 0;
  });

  it('names the file after the prompt', async () => {
    await open('plain');
    await make();
    const name = await setup.watched.page.locator('#nanogpt-try figcaption a').first().getAttribute('download');
    assert.match(String(name), /^a-lighthouse-\d{8}-\d{6}\.png$/);
  });

  it('gives links to images that were paid for and could not be fetched, and says so once, in red', async () => {
    await open('plain');
    const problem = { key: 'download_failed', params: {}, message: '', code: 'download_failed', charged: 'yes' };
    const urls = ['http://127.0.0.1:1/image.png'];
    await setup.watched.page.route('**/nanogpt-image/try', (route) =>
      route.fulfill({ json: { problem: { ...problem, urls } } }),
    );
    assert.equal(
      await make(),
      `The image was made and paid for, but Node-RED could not fetch it. Open it here before the link expires:\n${urls[0]}`,
    );
    await setup.watched.page.unroute('**/nanogpt-image/try');
    assert.equal(await status().locator('a').getAttribute('href'), urls[0]);
    const color = `getComputedStyle($('#nanogpt-try .nanogpt-status')[0]).color`;
    const red = `getComputedStyle($('<i style="color: var(--red-ui-text-color-error)">').appendTo('body')[0]).color`;
    assert.equal(await setup.editor.ask(color), await setup.editor.ask(red));
    await isAboveStrip('#nanogpt-try .nanogpt-status');
  });

  it('shows the chosen images small, and takes text for a tag before an image of the same property', async () => {
    await setup.editor.open('tags');
    await setup.watched.page.locator('#node-input-prompt-text').fill('A {{payload}}');
    await setup.editor.type('image', 'payload');
    await setup.watched.page.locator('#nanogpt-to-try').click();
    await sample('msg.payload').fill('lighthouse');
    await sample('Image msg.payload').setInputFiles(file(photo));
    assert.equal(await setup.watched.page.locator('.nanogpt-thumbnails img').count(), 1);
    await make();
    assert.match(String(paid()[0]!.json.prompt), /^A lighthouse$/);
    assert.equal(paid()[0]!.json.imageDataUrl, undefined);
    await setup.editor.cancel();
    assert.equal(await objectUrls(), 0);
  });

  it('asks for the tags of the prompt', async () => {
    await open('tags');
    await sample('msg.topic').fill('lighthouse');
    await sample('msg.payload.place').fill('dusk');
    assert.equal(await setup.watched.page.locator('.nanogpt-sample').count(), 3);
    await make();
    assert.equal(paid()[0]!.json.prompt, 'A lighthouse at dusk with  ');
    await setup.watched.page.locator('#node-input-prompt-text').fill('Only {{topic}}');
    assert.equal(await setup.watched.page.locator('.nanogpt-sample').count(), 1);
    assert.equal(await sample('msg.topic').inputValue(), 'lighthouse');
  });

  it('takes an image and a mask from files, and other fields of the message', async () => {
    await open('read');
    await sample('Prompt msg.payload').fill('A castle');
    await sample('Image msg.payload').setInputFiles(file(photo));
    await sample('Mask msg.drawn').setInputFiles(file(await mask()));
    await sample('Model msg.model').fill('maker/pair');
    await sample('Parameters msg.more').fill('{"style":"ink"}');
    assert.equal(await button().innerText(), 'Make it for 0.10 USD');
    await make();
    const { maskDataUrl, ...sent } = paid()[0]!.json;
    assert.deepEqual(sent, { model: 'maker/pair', prompt: 'A castle', style: 'ink', imageDataUrl: dataUrl(photo) });
    assert.match(String(maskDataUrl), /^data:image\/png/);
  });

  it('shows what is sent, images shortened and without the key, and sends nothing for it', async () => {
    const { page } = setup.watched;
    await open('read');
    await sample('Prompt msg.payload').fill('A castle');
    await sample('Image msg.payload').setInputFiles(file(photo));
    await page.locator('.nanogpt-sent > summary').click();
    const sent = page.locator('.nanogpt-sent pre', { hasText: 'POST' });
    const text = await sent.innerText();
    assert.ok(text.startsWith(`POST ${service.url}/`), text);
    assert.match(text, /"prompt": "A castle"/);
    assert.match(text, /data:image\/png;base64,… \(/);
    assert.ok(!text.includes(key));
    await sample('Prompt msg.payload').fill('A palace');
    assert.ok(await page.locator('.nanogpt-sent pre').isHidden());
    assert.equal(paid().length, 0);
  });

  describe('paints a mask', () => {
    const tray = (): Locator => setup.watched.page.locator('.nanogpt-mask-editor');
    const canvas = (): Locator => tray().locator('.nanogpt-stage');
    const tool = (name: string): Locator => tray().getByRole('button', { name, exact: true });

    /** The mask in its sample, as bytes of one channel. */
    async function painted(): Promise<{ data: Buffer; info: { width: number; height: number } }> {
      const bytes = await setup.watched.page.evaluate<number[]>(
        `$('.nanogpt-sample input[type=file]')[1].files[0].arrayBuffer().then((bytes) => [...new Uint8Array(bytes)])`,
      );
      return sharp(Buffer.from(bytes)).extractChannel(0).raw().toBuffer({ resolveWithObject: true });
    }

    async function openTray(chosen: Buffer): Promise<void> {
      await sample('Image msg.payload').setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: chosen });
      await setup.watched.page.getByRole('button', { name: 'Paint the mask' }).click();
      await canvas().waitFor();
    }

    async function closeTray(button: 'ok' | 'cancel' = 'ok'): Promise<void> {
      await setup.watched.page.locator(`#node-dialog-${button}:visible`).click();
      await setup.watched.page.locator('#nanogpt-try').waitFor();
    }

    it('with the mouse over the image as it is turned, and puts it into the flow', async () => {
      const { page } = setup.watched;
      await open('read');
      assert.equal(await page.getByRole('button', { name: 'Paint the mask', includeHidden: true }).count(), 0);
      await openTray(await turned(6, 60, 40));
      assert.deepEqual(await barriers(page), []);
      const place = (await canvas().boundingBox())!;
      await page.mouse.move(place.x + place.width / 4, place.y + place.height / 4);
      await page.mouse.down();
      await page.mouse.move(place.x + place.width / 4, place.y + place.height / 2, { steps: 4 });
      await page.mouse.up();
      await closeTray();
      const { data, info } = await painted();
      assert.deepEqual([info.width, info.height], [40, 60]);
      assert.deepEqual([...new Set(data)].sort(), [0, 255]);
      const at = (x: number, y: number): number => data[y * info.width + x]!;
      assert.deepEqual([at(10, 15), at(10, 22), at(10, 30)], [255, 255, 255]);
      assert.deepEqual([at(10, 5), at(10, 40), at(30, 22)], [0, 0, 0]);

      await page.getByRole('button', { name: 'Put it into the flow' }).click();
      await page.locator('.red-ui-notification', { hasText: 'msg.drawn' }).waitFor();
      const [change] = await setup.editor.ask<{ rules: { p: string; to: string }[]; z: string }[]>(
        `RED.nodes.filterNodes({ type: 'change' }).map(({ rules, z }) => ({ rules, z }))`,
      );
      assert.equal(change?.z, tab.id);
      const [rule] = change.rules;
      assert.equal(rule?.p, 'drawn');
      assert.match(rule.to, /^data:image\/png;base64,/);
    });

    it('with keyboard, invert and undo; a try that ends meanwhile is shown', async () => {
      const { page } = setup.watched;
      hold();
      await open('read');
      await sample('Prompt msg.payload').fill('A castle');
      await button().click();
      await service.saw(1);
      await openTray(await makeImage('jpeg', 60, 40));
      held[0]!();
      await page.waitForResponse('**/nanogpt-image/images/*');
      await tool('Rectangle').click();
      await canvas().focus();
      for (const key of ['ArrowDown', 'Shift+ArrowLeft', 'Enter']) await page.keyboard.press(key);
      await tool('Invert').click();
      await tool('Invert').click();
      await page.keyboard.press('Control+z');
      await closeTray();
      const { data, info } = await painted();
      const at = (x: number, y: number): number => data[y * info.width + x]!;
      assert.deepEqual([at(30, 20), at(5, 5), at(55, 35)], [0, 255, 255]);
      await shown().first().waitFor();
      assert.ok(await button().isEnabled());
      assert.equal(await sample('Prompt msg.payload').inputValue(), 'A castle');

      await page.getByRole('button', { name: 'Paint the mask' }).click();
      await tool('Invert').click();
      await closeTray('cancel');
      assert.equal((await painted()).data[0], 255);
    });
  });

  describe('compares models', () => {
    const section = (): Locator => setup.watched.page.locator('#nanogpt-try details:has(.nanogpt-compare)');
    const compare = (): Locator => section().locator('.nanogpt-compare');
    const box = (name: string): Locator => section().locator('.nanogpt-picker label', { hasText: name });
    const columns = (): Locator => section().locator('.nanogpt-round > section');

    beforeEach(async () => {
      await open('compared');
      await section().locator('summary').click();
    });

    it('with nothing ticked by itself, at most four, and only those that can do it', async () => {
      assert.equal(await section().locator(':checked').count(), 0);
      assert.ok(await compare().isDisabled());
      assert.ok(await box('Pair').isHidden());
      for (const name of ['Sketch', 'Retouch', 'Secret']) await box(name).click();
      assert.equal(await compare().innerText(), 'Make 3 (price unknown)');
      await section().getByLabel('Search for a model').fill('filler/191');
      await box('Filler 191').click();
      assert.equal(await section().locator('.nanogpt-picker input:enabled').count(), 4);
      await box('Secret').click();
      assert.equal(await compare().innerText(), 'Make 3 for 0.15 USD');
      await sample('Image msg.payload').setInputFiles(file(photo));
      assert.equal(await compare().innerText(), 'Make 1 for 0.10 USD');
      assert.ok(await box('Pair').isHidden(), 'what is searched for');
      assert.equal(paid().length, 0);
    });

    it('with one request each, fields that a model does not take left out, and takes one over', async () => {
      for (const name of ['Sketch', 'Retouch']) await box(name).click();
      await compare().click();
      await columns().locator('img').nth(1).waitFor();
      assert.deepEqual(
        paid()
          .map(({ json }) => json)
          .sort((one, other) => String(one.model).localeCompare(String(other.model))),
        [
          { model: 'maker/retouch', prompt: 'A lighthouse', size: '1024x1024', quality: 'high' },
          {
            model: 'maker/sketch/text-to-image',
            prompt: 'A lighthouse',
            size: '1024x1024',
            quality: 'high',
            seed: 5,
            style: 'ink',
          },
        ],
      );
      const text = await columns().first().innerText();
      assert.match(text, /\n+Left out, since this model does not take it: Seed, style\n/);
      assert.match(text, /^Retouch\n[^]*\n0\.05 USD · [\d.]+ s\n/);
      await columns().first().getByRole('button', { name: 'Use this model' }).click();
      assert.equal(await setup.editor.ask(`$('#node-input-model').val()`), 'maker/retouch');
      assert.equal(await objectUrls(), 2);
      await setup.editor.cancel();
      assert.equal(await objectUrls(), 0);
    });

    it('and can be cancelled', async () => {
      hold();
      for (const name of ['Sketch', 'Retouch']) await box(name).click();
      await compare().click();
      await service.saw(2);
      await section().getByRole('button', { name: 'Cancel', exact: true }).click();
      await section().locator('.nanogpt-compare:enabled').waitFor();
      for (const text of await columns().locator('.nanogpt-status').allInnerTexts()) assert.match(text, /^Cancelled\./);
      for (const letGo of held) letGo();
      setup.watched.faults.length = 0;
    });
  });

  it('cannot be used without an account', async () => {
    await open('plain');
    await setup.watched.page.selectOption('#node-input-account', '_ADD_');
    assert.ok(await button().isDisabled());
  });

  // In a suite of its own: mocha runs the tests of a suite before the suites in it.
  describe('after all that', () => {
    it('causes no fault in the browser', () => assert.deepEqual(setup.watched.faults, []));
  });
});

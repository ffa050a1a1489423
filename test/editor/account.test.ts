import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import type { Request } from 'playwright-core';
import { barriers } from '../helpers/axe.js';
import { type WatchedPage, requireBrowser, openPage } from '../helpers/browser.js';
import { type Editor, editorIn } from '../helpers/editor.js';
import { type FlowNode, type RunningNodeRed, startNodeRed } from '../helpers/node-red.js';
import { type Reply, type Seen, type TestService, startService } from '../helpers/service.js';
import { account, cluster, image, tab, unusual } from './flows.js';
import { testCluster } from './cluster.js';
import { testSignIn } from './sign-in.js';

const stored = 'sk-nano-stored-in-node-red';
const typed = 'sk-nano-typed-by-hand';
const key = { apiKey: stored };

/** No test reaches a service on the internet. */
const offline = { https_proxy: 'http://127.0.0.1:9', no_proxy: '127.0.0.1' };

const accounts = {
  builtIn: account,
  paid: { service: 'nanogpt' },
  elsewhere: { service: 'nanogpt', baseUrl: 'https://api.nano-gpt.com' },
  unusual: { ...unusual[0] },
  /** Written by hand. */
  odd: { service: 'midas', edits: 'fax', budgetPeriod: 'year', imageUrls: 'some', budget: '2' },
  spare: {},
};

const lines = [
  ['NanoGPT', 'nano-gpt.com: about 200 models; each image is paid from your balance or subscription.'],
  ['OpenAI', 'api.openai.com, with an OpenAI key.'],
  ['Compatible server', "LocalAI, stable-diffusion.cpp, vLLM: any server that speaks OpenAI's image endpoint."],
  ['Built-in service', 'Paints on this machine: no key, no network, no cost. For trying out a flow.'],
];

describe('the dialog of an account', function () {
  let nodeRed: RunningNodeRed;
  let watched: WatchedPage;
  let editor: Editor;
  let service: TestService;
  /** All that the browser has sent. */
  const sent: Request[] = [];

  before(async function () {
    requireBrowser(this);
    [nodeRed, watched, service] = await Promise.all([
      startNodeRed({ env: offline }),
      openPage(),
      startService({}, { stays: true }),
    ]);
    editor = editorIn(watched.page, nodeRed);
    watched.page.on('request', (request) => sent.push(request));
    const local = { service: 'nanogpt', baseUrl: service.url };
    const all = { ...accounts, local };
    const flow = Object.entries(all).map(([id, settings]) => ({ ...account, ...settings, id }));
    await nodeRed.deploy(
      [
        tab,
        ...flow,
        { ...account, ...local, id: 'keyless' },
        { id: 'proxy', type: 'http proxy', name: 'house', url: 'http://127.0.0.1:9', noproxy: [] },
        { ...image, account: 'builtIn' },
        cluster,
      ] as FlowNode[],
      Object.fromEntries(Object.keys(all).map((id) => [id, key])),
    );
    await editor.load();
  });

  after(async () => {
    await Promise.all([watched?.close(), nodeRed?.stop(), service?.close()]);
  });

  beforeEach(() => {
    service.reply = nanogptService;
    service.seen.splice(0);
  });

  afterEach(() => editor.cancel());

  const field = (name: string) => watched.page.locator(`#node-config-input-${name}`);
  const row = (name: string) => watched.page.getByRole('radio', { name, exact: true });
  const section = (name: string) => watched.page.locator(`#nanogpt-${name}`);
  const folded = (name: string) => section(name).locator('.nanogpt-set').innerText();
  const isOpen = (name: string) => section(name).evaluate((details) => (details as HTMLDetailsElement).open);
  const found = () => watched.page.locator('#nanogpt-check-result');

  /** What the package's own routes were asked for. */
  const asked = () =>
    sent
      .map((request) => `${request.method()} ${new URL(request.url()).pathname}`)
      .filter((each) => each.includes(' /nanogpt-'));

  /** Opens a new account, from the dialog of an image node. */
  async function add(): Promise<void> {
    await editor.open('image');
    await editor.openWith('#node-input-btn-account-add');
  }

  /** Presses “Check”; answers with what it found. */
  async function check(): Promise<string> {
    await watched.page.locator('#nanogpt-check').click();
    await watched.page.locator('#nanogpt-check:enabled').waitFor();
    return found().innerText();
  }

  /** Presses “Check” and resolves when the service is asked; the call of what it gives lets the answer come. */
  async function checkSlowly(): Promise<() => Promise<void>> {
    const asks = new Promise<ServerResponse>((resolve) => {
      service.reply = (_seen, response) => void resolve(response);
    });
    await watched.page.locator('#nanogpt-check').click();
    assert.ok(await watched.page.locator('#nanogpt-check').isDisabled());
    const response = await asks;
    service.reply = nanogptService;
    return async () => {
      const answered = watched.page.waitForResponse('**/nanogpt-config/check');
      response.end();
      await (await answered).finished();
    };
  }

  describe('on its first screen', () => {
    it('offers the services with a line on each, and folds all but service, key and name', async () => {
      await add();
      const rows = watched.page.locator('.nanogpt-services label');
      assert.deepEqual(
        (await rows.allInnerTexts()).map((text) => text.split('\n')),
        lines,
      );
      assert.ok(await row('NanoGPT').isChecked());
      const visible = await watched.page
        .locator('[id^=node-config-input-]:visible')
        .evaluateAll((fields) => fields.map(({ id }) => id.slice(18)));
      assert.deepEqual(visible, ['service', 'apiKey', 'name']);
      assert.deepEqual(await Promise.all(['models', 'limits', 'history', 'network', 'shared'].map(isOpen)), [
        false,
        false,
        false,
        false,
        false,
      ]);
    });

    const shown: Record<string, string[]> = {
      NanoGPT: ['apiKey'],
      OpenAI: ['apiKey'],
      'Compatible server': ['baseUrl', 'edits', 'apiKey'],
      'Built-in service': [],
    };

    for (const [name, fields] of Object.entries(shown)) {
      it(`asks for what ${name} needs`, async () => {
        await editor.open('builtIn');
        await row(name).check();
        for (const each of ['baseUrl', 'edits', 'apiKey'])
          assert.equal(await field(each).isVisible(), fields.includes(each), each);
      });
    }

    it('keeps a service that this version does not know, and says so', async () => {
      await editor.open('odd');
      assert.ok(await row('midas').isChecked());
      assert.equal(await field('service').inputValue(), 'midas');
      assert.match(await watched.page.locator('#nanogpt-service-midas-line').innerText(), /another version/);
    });

    it('asks the runtime once', async () => {
      const before = asked().length;
      await editor.open('paid');
      assert.deepEqual(asked().slice(before), ['POST /nanogpt-config/models']);
    });

    it('works where the runtime does not answer', async () => {
      await watched.page.route('**/nanogpt-config/{models,check}', (route) => route.fulfill({ status: 404 }), {
        times: 2,
      });
      await editor.open('spare');
      assert.match(await check(), /^Node-RED could not do this \(HTTP 404\)/);
      await row('Compatible server').check();
      await editor.done();
      assert.equal(await editor.ask("RED.nodes.node('spare').service"), 'compatible');
    });
  });

  describe('with the address of a server', () => {
    it("folds it away where it is the service's own, and unfolds it where it is not", async () => {
      await editor.open('paid');
      assert.ok(await field('baseUrl').isHidden());
      await editor.cancel();
      await editor.open('elsewhere');
      assert.ok(await field('baseUrl').isVisible());
      await row('Compatible server').check();
      assert.ok(await section('network').locator('#node-config-input-baseUrl').isHidden());
      assert.equal(await field('baseUrl').inputValue(), 'https://api.nano-gpt.com');
    });

    it('warns of a key that would be sent unencrypted', async () => {
      await editor.open('elsewhere');
      const warning = watched.page.locator('#nanogpt-plaintext-tip');
      for (const [address, isClear] of Object.entries({
        'http://nano-gpt.com': true,
        '203.0.113.5': true,
        'http://192.168.1.20': false,
        'nano-gpt.com': false,
      })) {
        await field('baseUrl').fill(address);
        assert.equal(await warning.isVisible(), isClear, address);
      }
    });
  });

  describe('asked to check', () => {
    it('finds the built-in service at work, without a key', async () => {
      await editor.open('builtIn');
      assert.match(await check(), /^It works\. Balance: [\d.,]+ play money, models: \d+, time: [\d.]+ s\.$/);
      assert.equal(await found().getAttribute('role'), 'status');
    });

    it('shows balance and models of a service that takes the key', async () => {
      await editor.open('local');
      assert.match(await check(), /^It works\. Balance: 12\.50 USD, models: 2, time: [\d.]+ s\.$/);
    });

    it('shows what a service says that does not take the key', async () => {
      service.reply = { status: 401, body: { error: { message: 'Unknown key' } } };
      await editor.open('local');
      assert.equal(
        await check(),
        'The service does not accept the API key of the account: check the key. (Unknown key)',
      );
    });

    it('shows that there is no server', async () => {
      const gone = await startService();
      await gone.close();
      await editor.open('local');
      await field('baseUrl').fill(gone.url);
      await field('apiKey').fill(typed);
      assert.match(await check(), /^No connection to 127\.0\.0\.1/);
    });

    it('asks for the key again where the address has changed, and sends the stored one nowhere', async () => {
      await editor.open('elsewhere');
      await field('baseUrl').fill(service.url);
      assert.match(await check(), /type the key again/);
      await field('apiKey').fill(typed);
      assert.match(await check(), /^It works/);
      assert.deepEqual(keysSeenBy(service), [typed]);
    });

    it('does without the stored key where it was deleted', async () => {
      await editor.open('local');
      await field('apiKey').fill('');
      assert.match(await check(), /has no API key/);
    });

    it('forgets what it found when the values change, and drops an answer that comes too late', async () => {
      await editor.open('local');
      const answer = await checkSlowly();
      await row('OpenAI').check();
      assert.equal(await found().innerText(), '');
      assert.ok(await watched.page.locator('#nanogpt-check').isEnabled());
      await answer();
      assert.equal(await found().innerText(), '');
    });

    it('drops an answer that comes when the dialog is closed', async () => {
      await editor.open('local');
      const answer = await checkSlowly();
      await editor.cancel();
      await editor.open('local');
      await answer();
      assert.equal(await found().innerText(), '');
    });
  });

  describe('with models, limits and network', () => {
    it('says of each folded section what is set in it', async () => {
      await editor.open('builtIn');
      assert.equal(await folded('limits'), 'no budget · 4 concurrent · 30 a minute');
      assert.equal(await folded('network'), 'image links on the internet only');
      await section('limits').locator('summary').click();
      await field('budget').fill('1.5');
      await field('perMinute').fill('0');
      await section('limits').locator('summary').click();
      assert.equal(await folded('limits'), '1.5 USD a day · 4 concurrent');
    });

    it('unfolds what is set', async () => {
      await editor.open('unusual');
      assert.deepEqual(await Promise.all(['models', 'limits', 'history', 'network', 'shared'].map(isOpen)), [
        true,
        true,
        false,
        true,
        true,
      ]);
    });

    it('offers the models of the service for the default', async () => {
      await editor.open('builtIn');
      assert.match(await folded('models'), /^sandbox\/\S+, the service's own$/);
      await section('models').locator('summary').click();
      await field('model').fill('ink');
      await watched.page.keyboard.press('ArrowDown');
      await watched.page.keyboard.press('Enter');
      assert.equal(await field('model').inputValue(), 'sandbox/ink');
    });

    it('asks another server for its models when they are wanted, and not before', async () => {
      const options = watched.page.locator('.nanogpt-list [role=option]');
      await editor.open('local');
      await section('models').locator('summary').click();
      const before = asked().length;
      await row('Built-in service').check();
      await field('model').focus();
      await watched.page.locator('#node-config-input-model[placeholder^="sandbox/"]').waitFor();
      await row('NanoGPT').check();
      await field('model').click();
      assert.equal(await options.count(), 2);
      assert.equal(asked().length, before + 1);
    });

    it('suggests a budget to a new account: one click sets it', async () => {
      await add();
      await watched.page.getByRole('button', { name: 'Set 2 USD a day' }).click();
      assert.deepEqual([await field('budget').inputValue(), await field('budgetPeriod').inputValue()], ['2', 'day']);
      assert.ok(await watched.page.locator('#nanogpt-no-budget').isHidden());
    });

    it('sets none by itself, and speaks of none where nothing is paid', async () => {
      await add();
      assert.equal(await field('budget').inputValue(), '');
      await row('Built-in service').check();
      assert.ok(await watched.page.locator('#nanogpt-no-budget').isHidden());
    });

    it('shows what was spent so far', async () => {
      await editor.open('builtIn');
      await section('limits').locator('summary').click();
      assert.equal(
        await watched.page.locator('#nanogpt-spent').innerText(),
        'Spent: 0.00 play money this hour, 0.00 play money today, 0.00 play money this month.',
      );
    });

    it('calls that play money as soon as the built-in service is chosen', async () => {
      await add();
      await section('limits').locator('summary').click();
      const spent = watched.page.locator('#nanogpt-spent');
      await spent.filter({ hasText: '0.00 USD today' }).waitFor();
      await row('Built-in service').check();
      assert.match(await spent.innerText(), /0\.00 play money today/);
    });

    it('has the whole of a section in sight once it is unfolded', async () => {
      await editor.open('builtIn');
      await section('shared').locator('summary').click();
      await watched.page.waitForFunction(`(() => {
        const edge = $('#nanogpt-shared').closest('.red-ui-tray-body')[0].getBoundingClientRect().bottom;
        return $('#nanogpt-shared')[0].getBoundingClientRect().bottom <= edge;
      })()`);
    });
  });

  it('says of a flow that was written by hand what the runtime would refuse', async () => {
    await editor.open('odd');
    const said = await editor.ask<string[]>("RED.nodes.node('odd').validationErrors");
    assert.deepEqual(
      said,
      ['Service', 'Input images', 'Period of the budget', 'Image links'].map(
        (name) => `${name}: choose one from the list`,
      ),
    );
    const faulty = await watched.page
      .locator('.nanogpt-form .input-error:visible')
      .evaluateAll((fields) => fields.map(({ id }) => id.slice(18)));
    assert.deepEqual(faulty, ['service', 'edits', 'budgetPeriod', 'imageUrls']);
  });

  it('changes nothing of an account that is opened and closed', async () => {
    const before = await editor.ask('RED.history.depth()');
    for (const id of Object.keys(accounts)) {
      await editor.open(id);
      await editor.done();
      assert.equal(await editor.ask('RED.history.depth()'), before, id);
    }
  });

  it('can be used with the keyboard alone', async () => {
    await add();
    const { keyboard } = watched.page;
    await tabTo('nanogpt-service-nanogpt');
    for (let down = 0; down < 3; down++) await keyboard.press('ArrowDown');
    assert.equal(await field('service').inputValue(), 'sandbox');
    await tabTo('nanogpt-check');
    await keyboard.press('Enter');
    await found().getByText('It works').waitFor();
    assert.equal(await focused(), 'nanogpt-check');
    await tabTo('node-config-input-name');
    await keyboard.type('home');
    for (const name of ['models', 'limits', 'history', 'network', 'shared']) {
      await keyboard.press('Tab');
      await keyboard.press('Enter');
      assert.ok(await isOpen(name), name);
      await keyboard.press('Enter');
    }
    await editor.done();
    await editor.done();
    assert.deepEqual(
      await editor.ask("['name', 'service'].map((name) => RED.nodes.node(RED.nodes.node('image').account)[name])"),
      ['home', 'sandbox'],
    );
  });

  for (const theme of ['light', 'dark']) {
    it(`has nothing that axe-core finds, ${theme}`, async () => {
      await editor.ask(`$('html').toggleClass('nr-theme-dark', ${theme === 'dark'})`);
      await add();
      await editor.ask("$('.nanogpt-form details').prop('open', true)");
      await check();
      assert.deepEqual(await barriers(watched.page), []);
    });
  }

  describe('shared over a cluster', () => testCluster(() => ({ nodeRed, watched, editor, service, sent })));

  describe('asked to sign in', () => testSignIn(() => ({ nodeRed, watched, editor, service, sent })));

  describe('after all that', () => {
    it('has sent a typed key to the admin routes only, and a stored one nowhere', () => {
      const texts = sent.map((request) => JSON.stringify([request.url(), request.headers(), request.postData()]));
      assert.deepEqual(
        texts.filter((text) => text.includes(stored) || /\/nanogpt-.*__PWRD__/.test(text)),
        [],
      );
      const withKey = sent
        .filter((request) => request.postData()?.includes(typed))
        .map((request) => new URL(request.url()).pathname);
      assert.deepEqual([...new Set(withKey)], ['/nanogpt-config/check']);
    });

    it('has caused no fault in the browser', () => {
      assert.deepEqual(
        // A sign-in that is given up asks no more.
        watched.faults.filter((fault) => !/404|sign-in\/poll net::ERR_ABORTED/.test(fault)),
        [],
      );
    });
  });

  /** Goes on with the keyboard until an element has the focus. */
  async function tabTo(id: string): Promise<void> {
    for (let steps = 0; steps < 20 && (await focused()) !== id; steps++) await watched.page.keyboard.press('Tab');
    assert.equal(await focused(), id);
  }

  function focused(): Promise<string> {
    return editor.ask('document.activeElement.id');
  }
});

/** Answers as NanoGPT. */
function nanogptService({ path }: Seen): Reply {
  if (path.includes('check-balance')) return { body: { usd_balance: '12.5', nano_balance: '0' } };
  return { body: { object: 'list', data: ['one', 'two'].map((id) => ({ id, name: id })) } };
}

/** The keys that a service was sent. */
function keysSeenBy({ seen }: TestService): string[] {
  const keys = seen.map(({ headers }) =>
    String(headers['x-api-key'] ?? headers.authorization ?? '').replace('Bearer ', ''),
  );
  return [...new Set(keys.filter(Boolean))];
}

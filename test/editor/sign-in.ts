import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import {
  type IncomingMessage,
  type Server,
  type ServerResponse,
  createServer,
  request as httpRequest,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Request } from 'playwright-core';
import { type Sandbox, startSandbox } from '../../sandbox/server.js';
import { barriers } from '../helpers/axe.js';
import type { WatchedPage } from '../helpers/browser.js';
import { type Editor, savedNodes } from '../helpers/editor.js';
import type { RunningNodeRed } from '../helpers/node-red.js';
import type { Reply, Seen, TestService } from '../helpers/service.js';
import { waitUntil } from '../helpers/wait-until.js';

/** What the tests of the account's dialog run on. */
export interface AccountSuite {
  nodeRed: RunningNodeRed;
  watched: WatchedPage;
  editor: Editor;
  service: TestService;
  sent: Request[];
}

const deviceCode = 'the-secret-device-code-0123456789';
const key = 'sk-nano-signed-in-0123456789';

/** The tests of “Sign in with NanoGPT”, in an editor with the accounts `local`, at the service, and `keyless`, without a key. */
export function testSignIn(suite: () => AccountSuite): void {
  const page = () => suite().watched.page;
  const start = () => page().getByRole('button', { name: 'Sign in with NanoGPT' });
  const state = () => page().locator('#nanogpt-sign-in-state');
  const field = (name: string) => page().locator(`#node-config-input-${name}`);
  const seen = (path: string) => suite().service.seen.filter((request) => request.path.endsWith(path));

  /** Presses the button, and waits for the tab that opens. */
  async function press(): Promise<void> {
    const opened = page().context().waitForEvent('page');
    await start().click();
    await opened;
  }

  let proxy: Proxy | undefined;
  let sandbox: Sandbox | undefined;

  afterEach(async () => {
    await Promise.all([proxy?.close(), sandbox?.close()]);
    [proxy, sandbox] = [undefined, undefined];
    for (const tab of page().context().pages()) if (tab !== page()) await tab.close();
  });

  it('stores the key of an approved code with the account, which works after the deploy', async () => {
    const { editor, nodeRed, service } = suite();
    let isApproved = false;
    service.reply = nanogpt(() => (isApproved ? approved : pending));
    await editor.open('keyless');
    await press();
    await state().getByText('VS8Q-ZY3Q').waitFor();
    await page().context().pages().at(-1)!.waitForURL(`${service.url}/cli-login/verify?code=VS8Q-ZY3Q`);
    assert.equal(seen('/cli-login/verify?code=VS8Q-ZY3Q')[0]?.headers.referer, undefined);
    isApproved = true;
    await state().getByText('Signed in.').waitFor();
    assert.equal(await field('apiKey').inputValue(), '__PWRD__');
    assert.equal(await check(), 'It works. Balance: 12.50 USD');
    await editor.done();
    assert.ok(await editor.ask("RED.nodes.node('keyless').changed"));
    assert.equal(await editor.ask("RED.nodes.node('keyless').validationErrors.length"), 0);
    await editor.open('keyless');
    assert.equal(await check(), 'It works. Balance: 12.50 USD');
    await editor.cancel();
    await deploy();
    service.seen.splice(0);
    await runs('keyless', key);
    assert.deepEqual(await credentials(nodeRed, 'keyless'), { has_apiKey: true });
  });

  it('asks again when the code was denied or has expired, and says so', async () => {
    const { editor, service } = suite();
    await editor.open('local');
    for (const [reply, text] of [
      [{ status: 403, body: { error: 'access_denied' } }, 'The sign-in was denied.'],
      [{ status: 410, body: { error: 'expired' } }, 'The code has expired: sign in again.'],
    ] as const) {
      service.reply = nanogpt(() => reply);
      await press();
      await state().getByText(text).waitFor();
      assert.ok(await start().isVisible());
    }
    assert.equal(await editor.ask("RED.nodes.node('local').changed"), false);
  });

  it('is given up by Cancel, by another address and by a typed key, and the key that was there stays', async () => {
    const { editor, service } = suite();
    service.reply = nanogpt(() => pending);
    await editor.open('local');
    await start().focus();
    await page().keyboard.press('Enter');
    await state().getByText('VS8Q-ZY3Q').waitFor();
    assert.deepEqual(await barriers(page()), []);
    await page().bringToFront();
    await page().keyboard.press('Enter');
    assert.equal(await state().innerText(), '');
    assert.equal(await editor.ask('document.activeElement.id'), 'nanogpt-sign-in-start');

    service.reply = nanogpt(() => approved);
    await press();
    await state().getByText('Signed in.').waitFor();
    await field('baseUrl').fill(`${service.url}/api`);
    assert.equal(await state().innerText(), 'The address has changed: sign in again.');
    await field('baseUrl').fill(service.url);
    await press();
    await state().getByText('Signed in.').waitFor();
    await field('apiKey').fill('');
    assert.equal(await state().innerText(), '');
    await press();
    await state().getByText('Signed in.').waitFor();
    await editor.cancel();
    assert.equal(await editor.ask("RED.nodes.node('local').changed"), false);
    assert.equal(await editor.ask("RED.nodes.node('local').credentials.apiKey"), undefined);
    const tickets = suite().sent.filter((request) => request.url().endsWith('/sign-in/cancel'));
    assert.ok(tickets.length >= 4);
  });

  it('waits for a service that is slow, fails in between and has no tab of its own', async () => {
    const { editor, service } = suite();
    const replies: Reply[] = [{ status: 502, body: '<h1>Bad gateway</h1>' }, approved];
    service.reply = nanogpt((_, response) => {
      const { status = 200, body } = replies.shift() ?? pending;
      setTimeout(() => response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body)), 300);
      return undefined;
    });
    await editor.open('local');
    await editor.ask('void (window.open = () => null)');
    await start().click();
    const link = page().getByRole('link', { name: 'Open the page' });
    await link.waitFor();
    assert.equal(await link.getAttribute('href'), `${service.url}/cli-login/verify?code=VS8Q-ZY3Q`);
    await state().getByText('The service does not answer').waitFor();
    await state().getByText('Signed in.').waitFor();
    await editor.ask('delete window.open');
  });

  it('goes through the proxy of the account', async () => {
    const { editor, service } = suite();
    service.reply = nanogpt(() => approved);
    proxy = await startProxy(service.url);
    const { url, asked } = proxy;
    await suite().nodeRed.deploy(
      (await savedNodes(suite().nodeRed)).map((node) => {
        if (node.id === 'proxy') return { ...node, url };
        return node.id === 'keyless' ? { ...node, baseUrl: 'http://nanogpt.example', proxy: 'proxy' } : node;
      }),
    );
    await editor.load();
    await editor.open('keyless');
    await press();
    await state().getByText('Signed in.').waitFor();
    const posted = asked.filter((each) => each.startsWith('POST'));
    assert.deepEqual(posted, [
      'POST http://nanogpt.example/api/cli-login/start',
      'POST http://nanogpt.example/api/cli-login/poll',
    ]);
  });

  it('can be tried with the built-in service', async () => {
    const { editor } = suite();
    sandbox = await startSandbox();
    await editor.open('local');
    await field('baseUrl').fill(sandbox.url);
    await press();
    const verify = page().context().pages().at(-1)!;
    await verify.getByRole('button', { name: 'Approve' }).click();
    await verify.getByText('Signed in.').waitFor();
    await page().bringToFront();
    await state().getByText('Signed in.').waitFor();
    await page().locator('#nanogpt-check').click();
    await page().getByText('It works.').waitFor();
  });

  describe('keeps the key of a new account', () => {
    const fresh = { id: 'fresh', type: 'nanogpt-config', service: 'nanogpt' };

    /** Signs in for the account as its dialog does, without a browser. */
    async function signIn(): Promise<void> {
      const { nodeRed, service } = suite();
      service.reply = nanogpt(() => approved);
      const account = { ...fresh, baseUrl: service.url };
      const { ticket } = await ask<{ ticket: string }>(nodeRed, 'start', { account });
      assert.equal((await ask<{ state: string }>(nodeRed, 'poll', { ticket })).state, 'approved');
      assert.deepEqual(await ask(nodeRed, 'redeem', { ticket }), { isStored: true });
    }

    for (const type of ['full', 'nodes'] as const) {
      it(`though somebody else deploys in the meantime (${type})`, async () => {
        const { nodeRed, service } = suite();
        const flow = await savedNodes(nodeRed);
        await signIn();
        await nodeRed.deploy([...flow, { id: `other-${type}`, type: 'tab' }], {}, type);
        assert.deepEqual(await credentials(nodeRed, 'fresh'), { has_apiKey: true });
        await nodeRed.deploy([...flow, { ...fresh, baseUrl: service.url }], { fresh: { apiKey: '__PWRD__' } }, type);
        await runs('fresh', key);
        await nodeRed.deploy(flow);
        assert.deepEqual(await credentials(nodeRed, 'fresh'), {});
      });
    }
  });

  it('has shown neither code nor key to the browser, the log, the settings and the flow file', async () => {
    const { nodeRed, sent, watched } = suite();
    const answers = await Promise.all(
      sent
        .filter((request) => request.url().startsWith(nodeRed.url) && !/\.(js|css|woff2?|svg|png)/.test(request.url()))
        .map(async (request) => (await request.response())?.text().catch(() => '')),
    );
    const files = await Promise.all(
      ['flows.json', 'flows_cred.json'].map((name) => readFile(`${nodeRed.userDir}/${name}`, 'utf8')),
    );
    const settings = await (await nodeRed.get('/settings')).text();
    const storage = await watched.page.evaluate<string>('JSON.stringify([localStorage, document.body.innerHTML])');
    const sources = { answers: answers.join(), files: files.join(), settings, storage, log: nodeRed.log() };
    for (const [name, text] of Object.entries(sources))
      for (const secret of [key, deviceCode]) assert.ok(!text.includes(secret), name);
  });

  /** Deploys, though Node-RED sees that some of these accounts are not used and one is wrong. */
  async function deploy(): Promise<void> {
    const answered = page().waitForResponse((response) => response.url().endsWith('/flows'));
    await page().locator('#red-ui-header-button-deploy').click();
    await page().getByRole('button', { name: 'Confirm deploy' }).click();
    await answered;
    await page().waitForFunction('!RED.nodes.dirty()');
  }

  /** Presses “Check”; answers with the beginning of what it found. */
  async function check(): Promise<string> {
    await page().locator('#nanogpt-check').click();
    const found = page().locator('#nanogpt-check-result');
    await found.getByText(/^(?!Asking)./).waitFor();
    return (await found.innerText()).split(',')[0]!;
  }

  /** Holds the deployed account to the key it sends. */
  async function runs(id: string, expected: string): Promise<void> {
    const { nodeRed, service } = suite();
    const account = (await savedNodes(nodeRed)).find((node) => node.id === id)!;
    // Node-RED answers a deploy before it has started the nodes.
    await waitUntil(async () => {
      service.seen.splice(0);
      const answer = await nodeRed.post('/nanogpt-config/check', { account });
      return ((await answer.json()) as { problem?: object }).problem === undefined;
    });
    assert.equal(seen('/check-balance')[0]?.headers['x-api-key'], expected);
  }
}

const pending = { status: 202, body: { status: 'authorization_pending' } };
const approved = { body: { status: 'approved', key } };

/** Answers as NanoGPT, and polls as it is told. */
function nanogpt(poll: (seen: Seen, response: ServerResponse) => Reply | undefined): TestService['reply'] {
  return (seen, response) => {
    const page = `http://${seen.headers.host}/cli-login/verify`;
    if (seen.path.endsWith('/poll')) return poll(seen, response);
    if (seen.path.endsWith('/start'))
      return {
        body: {
          device_code: deviceCode,
          user_code: 'VS8Q-ZY3Q',
          verification_uri: page,
          verification_uri_complete: `${page}?code=VS8Q-ZY3Q`,
          expires_in: 600,
          interval: 0.2,
        },
      };
    if (seen.path.includes('check-balance')) return { body: { usd_balance: '12.5' } };
    return seen.path.includes('verify') ? { body: '<h1>Approve</h1>' } : { body: { data: [{ id: 'one' }] } };
  };
}

async function ask<Answer>(nodeRed: RunningNodeRed, path: string, body: object): Promise<Answer> {
  return (await (await nodeRed.post(`/nanogpt-config/sign-in/${path}`, body)).json()) as Answer;
}

/** What the editor is told of the credentials of an account. */
async function credentials(nodeRed: RunningNodeRed, id: string): Promise<unknown> {
  return (await nodeRed.get(`/credentials/nanogpt-config/${id}`)).json();
}

interface Proxy {
  url: string;
  /** Method and address of each request. */
  asked: string[];
  close(): Promise<void>;
}

/** A proxy through which every name leads to one service. */
async function startProxy(target: string): Promise<Proxy> {
  const asked: string[] = [];
  const server: Server = createServer((request: IncomingMessage, response) => {
    asked.push(`${request.method} ${request.url}`);
    const { pathname, search } = new URL(request.url ?? '');
    const onward = httpRequest(target + pathname + search, { method: request.method, headers: request.headers });
    onward.on('response', (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 502)));
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close };
}

import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import { inspect } from 'node:util';
import helper from 'node-red-node-test-helper';
import type { NanogptAccount } from '../../../nodes/shared/nanogpt-account.js';
import type { AnyMessage } from '../../helpers/flow.js';
import { requireNodeRed } from '../../helpers/node-red-modules.js';
import type { Reply, Seen, TestService } from '../../helpers/service.js';
import { type DeployedFlow, ask, deploy, leave, makeAccount, post } from '../../helpers/dialog.js';

/** The credentials of all nodes, as the runtime keeps them. */
const credentials = requireNodeRed('@node-red/runtime/lib/nodes/credentials') as {
  get(id: string): object | undefined;
  add(id: string, credentials: object): Promise<void>;
  delete(id: string): void;
};
const { events } = requireNodeRed('@node-red/util') as { events: EventEmitter };
const { signal } = new AbortController();

const deviceCode = 'the-secret-device-code-0123456789';
const key = 'sk-nano-12345678-aaaa-bbbb-cccc-signed-in-key';

/** As documented, for a service at that host. */
const started = (host: string): AnyMessage => ({
  device_code: deviceCode,
  user_code: 'VS8Q-ZY3Q',
  verification_uri: `http://${host}/cli-login/verify`,
  verification_uri_complete: `http://${host}/cli-login/verify?code=VS8Q-ZY3Q`,
  expires_in: 600,
  interval: 2,
});

const approved = { body: { status: 'approved', key } };
const pending = { status: 202, body: { status: 'authorization_pending' } };

describe('signing in', () => {
  before(() => helper.startServer());
  after(() => helper.stopServer());
  afterEach(leave);

  /** A service that answers polls so, and everything else as one that takes the signed-in key. */
  const service =
    (poll: Reply | ((seen: Seen) => Reply | undefined), start: AnyMessage = {}) =>
    (seen: Seen): Reply | undefined => {
      if (seen.path.endsWith('/start')) return { body: { ...started(seen.headers.host ?? ''), ...start } };
      if (seen.path.endsWith('/poll')) return typeof poll === 'function' ? poll(seen) : poll;
      if (seen.method === 'GET') return { body: { data: [] } };
      return seen.headers['x-api-key'] === key ? { body: { usd_balance: '3' } } : { status: 401, body: {} };
    };

  const start = (account: AnyMessage) => ask('nanogpt-config/sign-in/start', { account });
  const poll = (ticket: string) => ask('nanogpt-config/sign-in/poll', { ticket });
  const redeem = (ticket: string) => ask('nanogpt-config/sign-in/redeem', { ticket });
  const cancel = (ticket: string) => ask('nanogpt-config/sign-in/cancel', { ticket });
  const check = (account: AnyMessage, ticket: string) => ask('nanogpt-config/check', { account, ticket });

  const polls = ({ seen }: TestService) => seen.filter(({ path }) => path.endsWith('/poll'));

  /** A flow without a key whose account has begun to sign in. */
  async function begin(reply: TestService['reply'], id = 'account'): Promise<DeployedFlow & { ticket: string }> {
    const flow = await deploy(reply, { credentials: {} });
    const account = { ...flow.account, id };
    return { ...flow, account, ticket: (await start(account)).ticket as string };
  }

  it('begins with a code and a page for the person, and names Node-RED to the service', async () => {
    const flow = await deploy(service(pending));
    const { ticket, ...shown } = await start(flow.account);
    const host = new URL(flow.service.url).host;
    assert.deepEqual(shown, { code: 'VS8Q-ZY3Q', page: `http://${host}/cli-login/verify?code=VS8Q-ZY3Q`, wait: 2000 });
    assert.match(ticket, /^[\da-f-]{36}$/);
    const [{ path, json, headers }] = flow.service.seen as [Seen];
    assert.equal(path, '/api/cli-login/start');
    assert.match(String(json.client_name), /^Node-RED on ./);
    assert.ok(String(json.client_name).length <= 64);
    assert.deepEqual([headers.authorization, headers['x-api-key']], [undefined, undefined]);
  });

  const starts: [what: string, reply: Reply, key: string][] = [
    ['has no such route', { status: 404, body: '<h1>Not found</h1>' }, 'no_sign_in'],
    ['does not know the route', { status: 404, body: { error: { message: 'Not found' } } }, 'no_sign_in'],
    ['leads elsewhere', { status: 302, headers: { location: 'https://evil.example' } }, 'no_sign_in'],
    ['gets too many', { status: 429, headers: { 'retry-after': '30' }, body: { error: 'slow down' } }, 'rate_limited'],
    ['fails', { status: 500, body: 'oops' }, 'not_answered'],
    ['answers a page', { body: '<h1>Welcome</h1>' }, 'answer_not_json'],
    ['answers no code', { body: { ...started('host'), device_code: undefined } }, 'sign_in_unreadable'],
    [
      'names a page that is a script',
      { body: { ...started('host'), verification_uri: 'javascript:alert(1)', verification_uri_complete: 'data:,x' } },
      'sign_in_unreadable',
    ],
  ];
  for (const [what, reply, problem] of starts) {
    it(`does not begin where the service ${what}`, async () => {
      const { account } = await deploy(reply);
      assert.deepEqual((await start(account)).problem.key, problem);
    });
  }

  it('does not begin with a service of another kind, or a setting that cannot work', async () => {
    const { account } = await deploy(service(pending));
    assert.equal((await start({ ...account, service: 'openai' })).problem.key, 'no_sign_in');
    assert.equal((await start({ ...account, proxy: 'gone' })).problem.key, 'bad_setting_node');
  });

  const outcomes: [what: string, reply: Reply, state: string, wait?: number][] = [
    ['authorization_pending', pending, 'pending', 2000],
    [
      'authorization_pending with a 400 (RFC 8628)',
      { status: 400, body: { error: 'authorization_pending' } },
      'pending',
    ],
    ['429', { status: 429, body: { error: 'rate_limited' } }, 'pending', 7000],
    ['slow_down', { status: 400, body: { error: 'slow_down' } }, 'pending', 7000],
    ['429 and Retry-After', { status: 429, headers: { 'retry-after': '20' }, body: {} }, 'pending', 20_000],
    ['500', { status: 500, body: '<h1>Oops</h1>' }, 'unanswered', 4000],
    ['503 and Retry-After', { status: 503, headers: { 'retry-after': '9' }, body: '' }, 'unanswered', 9000],
    ['approved', approved, 'approved'],
    ['approved without a key', { body: { status: 'approved' } }, 'failed'],
    ['a page', { body: '<h1>Welcome</h1>' }, 'failed'],
    ['410', { status: 410, body: { error: 'expired' } }, 'expired'],
    ['410 without words', { status: 410 }, 'expired'],
    ['expired_token', { status: 400, body: { error: 'expired_token' } }, 'expired'],
    ['404 invalid_code', { status: 404, body: { error: 'invalid_code' } }, 'expired'],
    ['409', { status: 409, body: { error: 'consumed' } }, 'used'],
    ['403', { status: 403, body: { error: 'forbidden' } }, 'denied'],
    ['access_denied', { status: 400, body: { error: 'access_denied', error_description: 'denied' } }, 'denied'],
    ['denied with a 200', { body: { status: 'denied' } }, 'denied'],
    ['418', { status: 418, body: { error: `I know ${deviceCode}` } }, 'failed'],
  ];
  for (const [what, reply, state, wait] of outcomes) {
    it(`is ${state} where the service says ${what}`, async () => {
      const { ticket, service: nanogpt } = await begin(service(reply));
      const progress = await poll(ticket);
      assert.equal(progress.state, state);
      if (wait !== undefined) assert.ok(progress.wait <= wait && progress.wait > wait - 1000, String(progress.wait));
      assert.equal((await poll(ticket)).state, state);
      assert.deepEqual(
        polls(nanogpt).map(({ json }) => json),
        [{ device_code: deviceCode }],
      );
    });
  }

  it('gets no answer when no server is there, and expires by itself', async () => {
    const { ticket, service: nanogpt } = await begin(service(pending, { expires_in: 0.3 }));
    await nanogpt.close();
    assert.equal((await poll(ticket)).state, 'unanswered');
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal((await poll(ticket)).state, 'expired');
  });

  it('asks a service that is slow no second time while it asks', async () => {
    let answer: () => void = () => undefined;
    const { ticket, service: nanogpt } = await begin((seen, response) => {
      if (!seen.path.endsWith('/poll')) return service(pending)(seen);
      answer = () => void response.end(JSON.stringify(approved.body));
      return undefined;
    });
    const both = [poll(ticket), poll(ticket)];
    await nanogpt.saw(2);
    answer();
    assert.deepEqual((await Promise.all(both)).map(({ state }) => state), ['approved', 'approved']); // prettier-ignore
    assert.equal(polls(nanogpt).length, 1);
  });

  it('lets Check take the ticket in place of a key, at the address where the person signed in only', async () => {
    const { account, ticket } = await begin(service(approved), 'new');
    assert.equal((await check(account, ticket)).problem.key, 'no_key');
    await poll(ticket);
    assert.equal((await check(account, ticket)).balance.amount, 3);
    assert.equal((await check({ ...account, timeout: 9 }, ticket)).balance.amount, 3);
    const elsewhere = { ...account, baseUrl: 'http://127.0.0.1:9' };
    assert.equal((await check(elsewhere, ticket)).problem.key, 'sign_in_elsewhere');
    assert.equal((await check({ ...account, id: 'other' }, ticket)).problem.key, 'no_key');
    assert.equal((await check(account, 'another-ticket')).problem.key, 'no_key');
  });

  it('stores the key of an approved sign-in for its account, and of no other', async () => {
    const { ticket } = await begin(service(approved));
    assert.deepEqual(await redeem(ticket), { isStored: false });
    await poll(ticket);
    assert.deepEqual(await redeem(ticket), { isStored: true });
    assert.deepEqual(await redeem('another-ticket'), { isStored: false });
    assert.deepEqual(credentials.get('account'), { apiKey: key });
  });

  describe('gives its key to an account that started without it', () => {
    const node = (): NanogptAccount => helper.getNode('account') as never;
    const balance = async (): Promise<number> => (await (await node().open()).balance(signal)).amount;

    it('as after a deploy by somebody else, which deletes the credentials of an account that it does not know', async () => {
      const { account, ticket } = await begin(service(approved));
      await assert.rejects(balance(), { key: 'no_key' });
      await poll(ticket);
      await redeem(ticket);
      credentials.delete('account');
      events.emit('flows:started');
      assert.deepEqual(credentials.get('account'), { apiKey: key });
      assert.equal(await balance(), 3);
      assert.equal((await ask('nanogpt-config/check', { account })).balance.amount, 3);
      // It has the key now: the ticket is used up.
      events.emit('flows:started');
      assert.equal((await poll(ticket)).state, 'gone');
    });

    it('unless somebody has typed another key since', async () => {
      const { ticket } = await begin(service(approved));
      await poll(ticket);
      await redeem(ticket);
      await credentials.add('account', { apiKey: 'sk-nano-typed-since' });
      events.emit('flows:started');
      assert.deepEqual(credentials.get('account'), { apiKey: 'sk-nano-typed-since' });
      await assert.rejects(balance(), { key: 'no_key' });
    });
  });

  it('stores no key for a node of another type', async () => {
    const { ticket } = await begin(service(approved), 'node');
    await poll(ticket);
    assert.deepEqual(await redeem(ticket), { isStored: false });
    assert.equal(credentials.get('node'), undefined);
  });

  it('is dropped with its key by a cancel', async () => {
    const { account, ticket } = await begin(service(approved), 'new');
    await poll(ticket);
    assert.deepEqual(await cancel(ticket), {});
    assert.equal((await poll(ticket)).state, 'gone');
    assert.deepEqual(await redeem(ticket), { isStored: false });
    assert.equal((await check(account, ticket)).problem.key, 'no_key');
  });

  it('keeps twenty sign-ins at a time', async () => {
    const { account, ticket } = await begin(service(pending));
    for (let count = 0; count < 20; count++) await start(account);
    assert.equal((await poll(ticket)).state, 'gone');
  });

  for (const path of ['poll', 'cancel', 'redeem']) {
    it(`takes a ticket that is text only: ${path}`, async () => {
      for (const body of [{}, { ticket: 7 }, [], { ticket: [key] }])
        assert.equal((await post(`nanogpt-config/sign-in/${path}`, body)).status, 400);
    });
  }

  it('says neither code nor key in an answer, a log or a status, though the service quotes them', async () => {
    const quote = ({ text }: Seen): Reply => ({ status: 500, body: { error: `${text} ${key}` } });
    for (const reply of [approved, quote]) {
      const { account, ticket, log, statuses, warnings } = await begin(service(reply));
      const answers = [await poll(ticket), await check(account, ticket), await redeem(ticket), await cancel(ticket)];
      const all = inspect([answers, log(), statuses, warnings], { depth: null, maxStringLength: null });
      assert.ok(!all.includes(deviceCode) && !all.includes(key), all);
      await leave();
    }
  });

  it('works with the built-in service', async () => {
    await deploy();
    const { code, page, wait, ticket } = await start(makeAccount({ service: 'sandbox' }, 'new'));
    assert.match(code, /^\w{4}-\w{4}$/);
    assert.match(page, /^http:\/\/127\.0\.0\.1:\d+\/cli-login\/verify\?code=/);
    assert.equal(wait, 2000);
    await cancel(ticket as string);
  });
});

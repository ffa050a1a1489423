import assert from 'node:assert/strict';
import type { Clock } from '../../src/clock.js';
import { type Answer, type Service, startService } from './call.js';

describe('the login of the built-in service', () => {
  let now = Date.parse('2026-11-23T12:00:00Z');
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    after: () => () => undefined,
    sleep: async () => undefined,
  };
  let service: Service;
  before(async () => {
    service = await startService({ clock });
  });
  after(() => service.close());

  const start = async (client_name: unknown = 'a test'): Promise<Answer> =>
    service.post({ client_name }, { path: '/api/cli-login/start', headers: {} });
  const poll = async (device_code: unknown): Promise<[number, unknown]> => {
    now += 2000;
    const { status, body } = await service.post({ device_code }, { path: '/api/cli-login/poll', headers: {} });
    return [status, body];
  };
  const decide = async (code: string, decision: string): Promise<Answer> =>
    service.post(new URLSearchParams({ code, decision }).toString(), {
      path: '/cli-login/verify',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });

  it('gives a code, the page to approve it on, and a key once it is approved', async () => {
    const { body } = await start();
    assert.deepEqual([body.expires_in, body.interval], [600, 2]);
    assert.equal(body.verification_uri_complete, `${service.url}/cli-login/verify?code=${body.user_code}`);
    assert.deepEqual(await poll(body.device_code), [202, { status: 'authorization_pending' }]);
    const page = await service.get(`/cli-login/verify?code=${body.user_code}`);
    assert.match(page.text, new RegExp(`<em>a test</em>[^]*${body.user_code}[^]*Approve`));
    assert.match((await decide(body.user_code, 'approved')).text, /Signed in/);
    const [status, answer] = await poll(body.device_code);
    assert.equal(status, 200);
    assert.match((answer as { key: string }).key, /^sk-nano-[\da-f-]{36}$/);
    assert.deepEqual(await poll(body.device_code), [409, { error: 'consumed' }]);
  });

  it('gives the same key to the same name', async () => {
    const keys = [];
    for (const name of ['one', 'one', 'other']) {
      const { body } = await start(name);
      await decide(body.user_code, 'approved');
      keys.push(((await poll(body.device_code))[1] as { key: string }).key);
    }
    assert.equal(keys[0], keys[1]);
    assert.notEqual(keys[0], keys[2]);
  });

  it('says what was denied, what has expired, what is unknown and what comes too often', async () => {
    const denied = (await start()).body;
    assert.match((await decide(denied.user_code, 'denied')).text, /Denied/);
    assert.deepEqual(await poll(denied.device_code), [403, { error: 'access_denied' }]);
    const hasty = (await start()).body;
    await poll(hasty.device_code);
    now -= 2000;
    assert.deepEqual(await poll(hasty.device_code), [429, { error: 'slow_down' }]);
    now += 601_000;
    assert.deepEqual(await poll(hasty.device_code), [410, { error: 'expired' }]);
    assert.match((await decide(hasty.user_code, 'approved')).text, /No program is waiting/);
    assert.deepEqual(await poll('nothing'), [404, { error: 'invalid_code' }]);
  });

  it('shows a name as the text that it is', async () => {
    const { body } = await start('<script>alert(1)</script>');
    const { text } = await service.get(`/cli-login/verify?code=${body.user_code}`);
    assert.ok(text.includes('&#60;script&#62;') && !text.includes('<script>'), text);
  });

  for (const name of [undefined, '', 7, 'x'.repeat(65)]) {
    it(`refuses a client whose name is ${JSON.stringify(name)?.slice(0, 20)}`, async () =>
      assert.equal((await start(name ?? null)).status, 400));
  }
});

import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { answer } from '../../helpers/server-behaviors.js';
import { type HostileServer, startHostileServer } from '../../helpers/hostile-server.js';
import { trusted } from '../../helpers/certificates.js';
import { type AnyMessage, apiKey, loadFlow } from '../../helpers/flow.js';
import { makeAccount, ask, leave } from '../../helpers/dialog.js';

const core = ['network/06-httpproxy', 'network/05-tls'];

describe('the connection of an account that is not deployed', () => {
  let service: HostileServer;
  let proxy: HostileServer;

  before(() => helper.startServer());
  after(() => helper.stopServer());
  beforeEach(async () => {
    [service, proxy] = await Promise.all([startHostileServer(), startHostileServer()]);
    service.behaviors.GET = answer(200, { data: [{ id: 'sd' }] });
    proxy.behaviors.GET = service.behaviors.GET;
  });
  afterEach(async () => {
    await leave();
    await Promise.all([service.close(), proxy.close()]);
  });

  async function check(settings: AnyMessage, more: AnyMessage[]): Promise<AnyMessage> {
    await loadFlow({ more, core });
    return ask('nanogpt-config/check', { account: makeAccount({ service: 'compatible', ...settings }, 'new'), apiKey });
  }

  const through = (): AnyMessage => ({
    id: 'proxy',
    type: 'http proxy',
    url: `http://127.0.0.1:${proxy.port}`,
    noproxy: [],
  });

  it('goes through the deployed proxy of that id', async () => {
    assert.equal((await check({ baseUrl: 'http://service.example', proxy: 'proxy' }, [through()])).models, 1);
    assert.match(
      proxy.heads[0]!,
      /^GET http:\/\/service\.example\/v1\/models HTTP\/1\.1\r\nhost: service\.example\r\n/,
    );
  });

  it('trusts what the deployed TLS settings of that id say', async () => {
    service.secure = trusted;
    const baseUrl = `https://127.0.0.1:${service.port}`;
    assert.equal((await check({ baseUrl }, [])).problem.key, 'unreachable');
    await leave();
    const lenient = { id: 'tls', type: 'tls-config', cert: '', key: '', ca: '', verifyservercert: false };
    assert.equal((await check({ baseUrl, tls: 'tls' }, [lenient])).models, 1);
  });

  it('is refused, not direct, where the ids are of other nodes, or of none', async () => {
    const baseUrl = `http://127.0.0.1:${service.port}`;
    for (const id of ['node', 'gone', '__proto__']) {
      for (const field of ['proxy', 'tls']) {
        const { problem } = await check({ baseUrl, [field]: id }, [through()]);
        assert.deepEqual([problem.key, problem.params.field], ['bad_setting_node', field]);
        await leave();
      }
    }
    assert.deepEqual(proxy.seen, { POST: 0, GET: 0, CONNECT: 0 });
  });
});

import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { defaults } from '../../../nodes/nanogpt-cluster/config.js';
import { Cipher } from '../../../src/cluster/cipher.js';
import { processId } from '../../../src/cluster/instance-id.js';
import { StateScript } from '../../../src/cluster/state-script.js';
import { ask, leave, makeAccount, makeNode, post } from '../../helpers/dialog.js';
import { type AnyMessage, loadFlow } from '../../helpers/flow.js';
import { type TestRedis, describeWithRedis, startRedis } from '../../helpers/redis.js';
import { startService } from '../../helpers/service.js';

const secret = 'long enough for a secret';
const password = 'the password of the test';

describeWithRedis('the check of a cluster', function () {
  let redis: TestRedis;

  before(() => helper.startServer());
  after(() => helper.stopServer());
  before(async () => {
    redis = await startRedis();
    await redis.client.config('SET', 'requirepass', password);
  });
  after(() => redis?.stop());
  afterEach(leave);

  /** A cluster as the editor has it: `cluster` is deployed with its credentials, another id is not. */
  const cluster = (settings: AnyMessage = {}, id = 'cluster'): AnyMessage => ({
    id,
    type: 'nanogpt-cluster',
    ...defaults,
    url: redis.url,
    ...settings,
  });

  const limits = { concurrency: 4, perMinute: 30, queueLimit: 10, budgets: { day: 2_000_000 } };

  /** Lets an instance of that name give a sign of life. */
  function live(nonce: string, { account = 'house', ...said }: AnyMessage): Promise<unknown> {
    const usual = { id: `id of ${nonce}`, host: nonce, version: '0.1.0', role: 'both', service: 'nanogpt', limits };
    return new StateScript(redis.client, `{nanogpt:${account}}`).run('heartbeat', {
      ...{ nonce, said: { ...usual, ...said }, newEpoch: 'e', block: 0, alive: 10_000, grace: 0 },
    });
  }

  async function check(body: AnyMessage, credentials: AnyMessage = { password, secret }): Promise<AnyMessage> {
    await loadFlow({ more: [cluster()], moreCredentials: { cluster: credentials } });
    return ask('nanogpt-cluster/check', body);
  }

  it('tells what Redis it is, what it does when it is full, what it keeps on disk, and how long it took', async () => {
    const { milliseconds, version, ...report } = await check({ cluster: cluster() });
    assert.ok(milliseconds > 0);
    assert.match(version, /^[78]\./);
    assert.deepEqual(report, {
      server: 'Redis',
      isSupported: true,
      isReplica: false,
      isClusterMode: false,
      eviction: 'noeviction',
      persistence: 'always',
      accounts: [],
    });
  });

  it('tells which accounts are shared there, by whom, and the limits that hold for all', async () => {
    await live('attic', { limits: { ...limits, concurrency: 4 } });
    await live('cellar', { limits: { ...limits, concurrency: 2 } });
    const { accounts } = await check({ cluster: cluster() });
    assert.deepEqual(accounts, [
      {
        name: 'house',
        service: 'nanogpt',
        concurrency: 2,
        perMinute: 30,
        budgets: { day: 2 },
        instances: ['attic', 'cellar'].map((host) => ({ host, id: `id of ${host}`, version: '0.1.0', role: 'both' })),
        differences: [],
      },
    ]);
    await leave();
    assert.deepEqual((await check({ cluster: cluster({ prefix: 'other' }) })).accounts, []);
  });

  const others: [what: string, settings: AnyMessage, differences: object[]][] = [
    ['the same secret and time zone', {}, []],
    ['another secret', { secret: 'another one that is long enough' }, [{ what: 'secret' }]],
    ['another time zone', { timezone: 'Asia/Tokyo' }, [{ what: 'timezone', theirs: 'Asia/Tokyo', ours: 'UTC' }]],
  ];
  for (const [index, [what, { secret: theirs = secret, timezone = 'UTC' }, differences]] of others.entries()) {
    it(`says what differs where another process has ${what}`, async () => {
      const account = `other-${index}`;
      const { fingerprint } = await Cipher.open(theirs, `nanogpt:${account}`);
      await live('attic', { account, secret: fingerprint, timezone, process: 'another' });
      await live('cellar', { account, secret: fingerprint, timezone, process: processId });
      const { accounts } = await check({ cluster: cluster() });
      const found = accounts.find(({ name }: AnyMessage) => name === account);
      assert.deepEqual(found.differences, differences);
    });
  }

  it('compares nothing with what this process has deployed, which leaves before it enters otherwise', async () => {
    await live('cellar', { account: 'own', secret: 'of before', process: processId });
    const { accounts } = await check({ cluster: cluster() });
    assert.deepEqual(accounts.find(({ name }: AnyMessage) => name === 'own').differences, []);
  });

  it('works for a cluster that is not deployed, with what was typed', async () => {
    assert.equal((await check({ cluster: cluster({}, 'new'), password, secret })).server, 'Redis');
  });

  const settings: [what: string, settings: string[], found: AnyMessage][] = [
    ['all but the last second on disk', ['--appendfsync', 'everysec'], { persistence: 'everysec' }],
    ['snapshots', ['--appendonly', 'no', '--save', '60 1'], { persistence: 'snapshots' }],
    ['nothing on disk', ['--appendonly', 'no'], { persistence: 'none' }],
    ['keys that may be deleted', ['--maxmemory-policy', 'allkeys-lru'], { eviction: 'allkeys-lru' }],
    ['a replica', ['--replicaof', '127.0.0.1 9'], { isReplica: true }],
    ['Redis Cluster', ['--cluster-enabled', 'yes'], { isClusterMode: true }],
    [
      'a service that tells no settings',
      ['--appendonly', 'no', '--rename-command', 'CONFIG', ''],
      { persistence: 'unknown' },
    ],
  ];
  for (const [what, more, found] of settings) {
    it(`sees ${what}`, async () => {
      const other = await startRedis(more);
      try {
        const report = await check({ cluster: cluster({ url: other.url }, 'new'), secret });
        assert.deepEqual(Object.fromEntries(Object.keys(found).map((name) => [name, report[name]])), found);
      } finally {
        await other.stop();
      }
    });
  }

  it('says that no instance is there', async () => {
    const { problem } = await check({ cluster: cluster({ url: 'redis://127.0.0.1:9' }, 'new'), secret });
    assert.deepEqual([problem.key, problem.code], ['redis_unreachable', 'cluster_unavailable']);
  });

  it('says that the password is wrong, and does not repeat it', async () => {
    const body = { cluster: cluster(), password: 'another password' };
    assert.equal((await check(body)).problem.key, 'redis_password');
    assert.doesNotMatch((await post('nanogpt-cluster/check', body)).text, /another password/);
  });

  it('sends the stored password to the deployed address only', async () => {
    const elsewhere = await startService();
    const url = elsewhere.url.replace('http', 'redis');
    assert.equal((await check({ cluster: cluster({ url }) })).problem.key, 'cluster_password_again');
    assert.equal(elsewhere.seen.length, 0);
    await elsewhere.close();
  });

  it('fills in a variable for the deployed address only', async () => {
    process.env.REDIS_PASSWORD_OF_THE_TEST = password;
    const variable = '${REDIS_PASSWORD_OF_THE_TEST}';
    assert.equal((await check({ cluster: cluster(), password: variable })).server, 'Redis');
    await leave();
    const { problem } = await check({ cluster: cluster({ url: 'redis://127.0.0.1:9' }), password: variable });
    assert.deepEqual([problem.key, problem.params], ['cluster_variable_elsewhere', { variable }]);
    delete process.env.REDIS_PASSWORD_OF_THE_TEST;
  });

  const faults: [what: string, settings: AnyMessage, typed: AnyMessage, key: string][] = [
    ['an address that is none', { url: 'http://127.0.0.1' }, {}, 'cluster_url'],
    ['a prefix with braces', { prefix: '{x}' }, {}, 'cluster_prefix'],
    ['a role that does not exist', { role: 'boss' }, {}, 'cluster_role'],
    ['a time zone that does not exist', { timezone: 'Mars/Olympus' }, {}, 'cluster_timezone'],
    ['a secret that can be guessed', {}, { secret: 'short' }, 'cluster_secret'],
  ];
  for (const [what, wrong, typed, key] of faults) {
    it(`calls ${what} a problem`, async () => {
      const { problem } = await check({ cluster: cluster(wrong), password, ...typed });
      assert.deepEqual([problem.key, problem.code], [key, 'not_configured']);
    });
  }

  it('refuses a body that the editor does not send', async () => {
    for (const body of [{}, { cluster: {} }, { cluster: cluster(), password: 1 }])
      assert.equal((await post('nanogpt-cluster/check', body)).status, 400);
  });
});

describe('an account in a cluster', () => {
  const shared = { service: 'sandbox', cluster: 'cluster', clusterAccount: 'house' };
  const deployed = { id: 'cluster', type: 'nanogpt-cluster', ...defaults, url: 'redis://127.0.0.1:9' };
  const moreCredentials = { cluster: { secret } };

  before(() => helper.startServer());
  after(() => helper.stopServer());
  afterEach(leave);

  const cases: [what: string, account: AnyMessage, key: string][] = [
    ['without a name there', { cluster: 'cluster', clusterAccount: '' }, 'cluster_account'],
    ['with a name that cannot be one', { cluster: 'cluster', clusterAccount: '{house}' }, 'cluster_account'],
    ['that is another node', { cluster: 'node', clusterAccount: 'house' }, 'bad_setting_node'],
    ['without a secret', { cluster: 'cluster', clusterAccount: 'house' }, 'cluster_secret'],
  ];
  for (const [what, account, key] of cases) {
    it(`${what} sends nothing`, async () => {
      await loadFlow({ more: [{ id: 'cluster', type: 'nanogpt-cluster', ...defaults }] });
      const body = { account: { id: 'new', service: 'sandbox', ...account } };
      assert.equal((await ask('nanogpt-config/check', body)).problem.key, key);
    });
  }

  it('that is not deployed is checked without entering the cluster, and not tried', async () => {
    await loadFlow({ more: [deployed], moreCredentials });
    await isCheckedAndNotTried(makeAccount(shared, 'new'));
  });

  it('whose cluster is not deployed either is checked without it, and not tried', async () => {
    await loadFlow();
    await isCheckedAndNotTried(makeAccount(shared, 'new'));
  });

  it('that is deployed without its new cluster is not tried either', async () => {
    await loadFlow({ account: { service: 'sandbox' } });
    await isCheckedAndNotTried(makeAccount(shared));
  });

  async function isCheckedAndNotTried(account: AnyMessage): Promise<void> {
    assert.equal((await ask('nanogpt-config/check', { account })).models, 4);
    const { problem } = await ask('nanogpt-image/try', { account, node: makeNode(), sample: { payload: 'a fox' } });
    assert.deepEqual([problem.key, problem.charged], ['cluster_deploy_first', 'no']);
  }

  it('lists its models while Redis is away, and says what is wrong with the cluster', async () => {
    await loadFlow({ account: shared, more: [deployed], moreCredentials });
    const listing = await ask('nanogpt-config/models', { account: makeAccount(shared) });
    assert.equal(listing.models.length, 4);
    assert.deepEqual([listing.spending, listing.shared.problem.key], [undefined, 'cluster_away']);
  });
});

describeWithRedis('an account that is shared', () => {
  before(() => helper.startServer());
  after(() => helper.stopServer());
  afterEach(leave);

  it('tells its dialog who shares it, and what holds for all together', async () => {
    const redis = await startRedis();
    const account = { service: 'sandbox', cluster: 'cluster', clusterAccount: 'house', budget: 2 };
    const more = [{ id: 'cluster', type: 'nanogpt-cluster', ...defaults, url: redis.url }];
    await loadFlow({ account, more, moreCredentials: { cluster: { secret } } });
    const { shared, spending } = await ask('nanogpt-config/models', { account: makeAccount(account) });
    assert.deepEqual(shared, { instances: 1, concurrency: 4, perMinute: 30, budgets: { day: 2 } });
    assert.equal(spending.day, 0);
    await leave();
    await redis.stop();
  });
});

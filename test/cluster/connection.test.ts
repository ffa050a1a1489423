import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkCluster } from '../../src/cluster/check.js';
import { ImageError } from '../../src/errors.js';
import { trusted } from '../helpers/certificates.js';
import { clusterOf, patientTiming } from '../helpers/cluster-accounts.js';
import { type CountingService, startCountingService } from '../helpers/counting-service.js';
import { temporaryFolder } from '../helpers/packed.js';
import { describeWithRedis, freePort, startRedis, type TestRedis } from '../helpers/redis.js';
import { useInstances } from '../helpers/use-instances.js';
import { startWorkerCommand } from '../helpers/worker-command.js';

describeWithRedis('the address of the Redis of a cluster', function () {
  const folder = temporaryFolder();
  const [certificate, key] = [join(folder, 'redis.crt'), join(folder, 'redis.key')];
  let redis: TestRedis;
  let service: CountingService;
  let tlsPort: number;
  const instances = useInstances(() => ({ redis, service }), { timing: patientTiming });

  before(async () => {
    await Promise.all([writeFile(certificate, trusted.cert), writeFile(key, trusted.key)]);
    tlsPort = await freePort();
    const files = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-auth-clients', 'no'];
    redis = await startRedis(['--tls-port', String(tlsPort), ...files]);
    await redis.client.acl('SETUSER', 'house', 'on', '>p@ss/100%', '~*', '&*', '+@all');
  });
  after(() => redis.stop());
  beforeEach(async () => (service = await startCountingService()));
  afterEach(() => service.close());

  /** Why “Check” cannot look into the Redis at an address. */
  async function failCheck(url: string): Promise<ImageError> {
    const settings = clusterOf({ url }, instances.name);
    const error = await checkCluster(settings, new AbortController().signal).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof ImageError, String(error));
    return error;
  }

  const passwords: [what: string, inUrl: string, password: string][] = [
    ['escaped', 'p%40ss%2F100%25', ''],
    ['with a % that nobody has escaped', 'p@ss%2F100%', ''],
    ['in its own setting, which wins', 'another', 'p@ss/100%'],
  ];
  for (const [index, [what, inUrl, password]] of passwords.entries()) {
    it(`holds user and database, the password ${what}`, async () => {
      const database = index + 1;
      const url = `redis://house:${inUrl}@127.0.0.1:${redis.port}/${database}`;
      const { images } = await instances.start({ cluster: { url, password } }).ask('a fox');
      assert.equal(images.length, 1);
      await redis.client.select(database);
      assert.ok((await redis.client.keys(`{test:${instances.name}}:request:*`)).length === 1);
      assert.ok((await redis.client.keys(`{test:${instances.name}}:requests-1:*`)).length > 0);
      await redis.client.select(0);
      assert.deepEqual(await redis.client.keys(`{test:${instances.name}}*`), []);
    });
  }

  it('is refused with a user that Redis does not know', async () => {
    const error = await failCheck(`redis://nobody:word@127.0.0.1:${redis.port}`);
    assert.deepEqual([error.code, error.key], ['not_configured', 'redis_password']);
  });

  it('is rediss:// where a worker knows the authority of the certificate, by NODE_EXTRA_CA_CERTS', async () => {
    const asker = instances.start({ cluster: { role: 'ask' }, settings: { service: 'nanogpt' } });
    const place = ['--account', instances.name, '--prefix', 'test', '--base-url', service.url];
    const worker = startWorkerCommand([...place, '--redis', `rediss://house@localhost:${tlsPort}`], {
      ...{ NODE_EXTRA_CA_CERTS: certificate, REDIS_PASSWORD: 'p@ss/100%' },
      ...{ NANOGPT_CLUSTER_SECRET: 'a secret of the tests', NANOGPT_API_KEY: 'sk-nano-of-the-worker' },
    });
    const gone = once(worker.child, 'exit');
    try {
      await worker.until('Sends requests');
      const { images } = await asker.ask('a fox');
      assert.equal(images.length, 1, worker.output());
    } finally {
      worker.child.kill();
      await gone;
    }
  });

  for (const host of ['localhost', '127.0.0.1']) {
    it(`is not trusted at ${host} where the authority of the certificate is not known`, async () => {
      const error = await failCheck(`rediss://${host}:${tlsPort}`);
      assert.deepEqual([error.code, error.key], ['cluster_unavailable', 'redis_unreachable']);
      assert.match(error.message, /self-signed certificate/);
    });
  }
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { root } from '../helpers/packed.js';

const programme = `
const { Account } = require('./src/account/account.ts');
const { fixtureSettings } = require('./test/helpers/account-fixture.ts');
const account = new Account({ ...fixtureSettings, baseUrl: 'http://127.0.0.1:9', retries: 0 });
const request = { prompt: 'a fox', images: [], extra: {} };
account.generate(request, { signal: new AbortController().signal }).catch(({ code }) => {
  const loaded = Object.keys(require.cache).filter((file) => /bullmq|ioredis|cluster-account|state-script/.test(file));
  console.log(JSON.stringify({ code, loaded }));
  account.close();
});
`;

describe('an account without a cluster', () => {
  it('loads nothing of a cluster', function () {
    const output = execFileSync(process.execPath, ['--require', 'tsx/cjs', '-e', programme], { cwd: root });
    assert.deepEqual(JSON.parse(output.toString()), { code: 'unreachable', loaded: [] });
  });
});

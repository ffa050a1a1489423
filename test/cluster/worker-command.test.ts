import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../helpers/packed.js';

/** Runs the command, which ends by itself where it cannot begin. */
function run(args: string[], env: Record<string, string>): Promise<{ code: unknown; stderr: string }> {
  const file = join(root, 'src/cluster/worker-command.ts');
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env.PATH, ...env } };
    execFile(process.execPath, ['--import', 'tsx', file, ...args], options, (error, _, stderr) =>
      resolve({ code: error?.code, stderr }),
    );
  });
}

describe('nanogpt-worker', () => {
  it('says in one line what it needs', async () => {
    const secret = { NANOGPT_CLUSTER_SECRET: 'sixteen-letters-and-more' };
    const account = ['--account', 'house'];
    const needs: [expected: string, args: string[], env: Record<string, string>][] = [
      ['Name the account: --account NAME, as in the Node-REDs.', [], secret],
      ['Set NANOGPT_CLUSTER_SECRET to the secret of the cluster.', account, {}],
      ['Set NANOGPT_API_KEY to the key of the service.', account, secret],
    ];
    const runs = await Promise.all(needs.map(([, args, env]) => run(args, env)));
    assert.deepEqual(
      runs,
      needs.map(([expected]) => ({ code: 1, stderr: `${expected}\n` })),
    );
  });
});

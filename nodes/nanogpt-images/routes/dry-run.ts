import type { Question } from './handle.js';
import { readTrial } from './read-body.js';
import { readSample } from './read-sample.js';
import { withAccount } from './with-account.js';

/** What the node would send for a sample of a message. Nothing goes to the service. */
export async function describe({ RED, body, signal }: Question): Promise<object> {
  const trial = readTrial(body);
  return withAccount(RED, trial.account, {
    needsKey: () => false,
    run: async (account) => ({ request: await account.describe(await readSample(RED, trial, account, signal), signal) }),
  });
}

import type { DryRunResult, Failed } from '../../shared/route-answers.js';
import type { AdminRequest } from './admin-request.js';
import { readTryRequest } from './read-body.js';
import { readSample } from './read-sample.js';
import { withAccount } from './with-account.js';

/** What the node would send for a sample message. Nothing is sent to the service. */
export async function dryRun({ RED, body, signal }: AdminRequest): Promise<DryRunResult | Failed> {
  const posted = readTryRequest(body);
  return withAccount(RED, posted.account, {
    needsKey: () => false,
    async run(account) {
      const { request, drafts } = await readSample(RED, posted, account, signal);
      return { request: await account.dryRun(request, signal, { drafts }) };
    },
  });
}

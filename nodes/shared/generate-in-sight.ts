import type { NodeAPI } from 'node-red';
import type { Account } from '../../src/account/account.js';
import type { RequestOptions } from '../../src/account/send-request.js';
import { defined } from '../../src/defined.js';
import type { Generation, GenerationRequest } from '../../src/generation.js';
import { announceChange } from './editor-events.js';
import { beginWork } from './running-work.js';

/** Who asks for images. */
export interface Requester {
  RED: NodeAPI;
  account: Account;
  /** Id of the account's config node. */
  accountId: string;
  /** The node as the editor knows it; absent for a try in a dialog. */
  nodeId?: string;
}

/**
 * Makes images in sight of the editor: the request is listed while it waits and runs, and can be stopped there.
 *
 * @throws ImageError as `Account.generate` does.
 */
export async function generateInSight(
  { RED, account, accountId, nodeId }: Requester,
  request: GenerationRequest,
  options: RequestOptions,
): Promise<Generation> {
  const { prompt, n: count = 1 } = request;
  const work = beginWork({ accountId, prompt, count, ...defined({ nodeId }) });
  announceChange(RED);
  try {
    return await account.generate(request, {
      ...options,
      ...defined({ nodeId }),
      signal: AbortSignal.any([options.signal, work.signal]),
      onState(state) {
        work.move(state);
        options.onState?.(state);
      },
    });
  } finally {
    work.end();
    announceChange(RED);
  }
}

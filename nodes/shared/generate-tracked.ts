import type { NodeAPI } from 'node-red';
import type { Account } from '../../src/account/account.js';
import type { RequestOptions } from '../../src/account/send-request.js';
import { defined } from '../../src/defined.js';
import type { Generation, GenerationRequest } from '../../src/generation.js';
import { announceChange } from './editor-events.js';
import { trackRequest } from './running-requests.js';

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
 * Generates images and tracks the request: the editor lists it while it waits and runs, and can stop it.
 *
 * @throws ImageError as `Account.generate` does.
 */
export async function generateTracked(
  { RED, account, accountId, nodeId }: Requester,
  request: GenerationRequest,
  options: RequestOptions,
): Promise<Generation> {
  const { prompt, n: count = 1 } = request;
  const tracked = trackRequest({ accountId, prompt, count, ...defined({ nodeId }) });
  const stop = (): void => tracked.stop(options.signal.reason);
  if (options.signal.aborted) stop();
  else options.signal.addEventListener('abort', stop);
  announceChange(RED);
  try {
    return await account.generate(request, {
      ...options,
      ...defined({ nodeId }),
      signal: tracked.signal,
      onState(state) {
        tracked.move(state);
        options.onState?.(state);
      },
    });
  } finally {
    options.signal.removeEventListener('abort', stop);
    tracked.end();
    announceChange(RED);
  }
}

import type { NodeAPI } from 'node-red';
import type { Account } from '../../src/account/account.js';
import type { RequestOptions } from '../../src/account/send-request.js';
import type { Generation, GenerationRequest } from '../../src/generation.js';
import { announceChange } from './editor-events.js';
import { trackRequest } from './running-requests.js';

/** Who asks for images. */
export interface Requester {
  RED: NodeAPI;
  account: Account;
  /** Id of the account's config node. */
  accountId: string;
  /** Aborts the signal of the request, when someone stops it in the editor. */
  stop(reason: Error): void;
}

/**
 * Generates images and tracks the request: the editor lists it while it waits and runs, and can stop it.
 *
 * @throws ImageError as `Account.generate` does.
 */
export async function generateTracked(
  { RED, account, accountId, stop }: Requester,
  request: GenerationRequest,
  options: RequestOptions,
): Promise<Generation> {
  const { prompt, model, n: count = 1 } = request;
  const tracked = trackRequest({ accountId, prompt, model, count, nodeId: options.nodeId, stop });
  announceChange(RED);
  try {
    return await account.generate(request, {
      ...options,
      onState(state) {
        tracked.phase = state.phase;
        options.onState?.(state);
      },
    });
  } finally {
    tracked.end();
    announceChange(RED);
  }
}

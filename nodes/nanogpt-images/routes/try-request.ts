import type { RequestOptions } from '../../../src/account/send-request.js';
import type { DryRun } from '../../../src/api/client.js';
import { defined } from '../../../src/defined.js';
import type { Generation } from '../../../src/generation.js';
import { type Requester, generateTracked } from '../../shared/generate-tracked.js';
import { nameFile } from '../../../src/image/file-name.js';
import type { Failed, TryResult } from '../../shared/route-answers.js';
import type { AdminRequest } from './admin-request.js';
import { triedImages } from './image-store.js';
import { toProblem } from './problem.js';
import { publishDrafts } from './publish-drafts.js';
import { readTryRequest } from './read-body.js';
import { readSample } from './read-sample.js';
import { withAccount } from './with-account.js';

/** Makes the images that the node would make for a sample message; they are paid for and recorded like any others. */
export async function tryRequest({ RED, body, signal }: AdminRequest): Promise<TryResult | Failed> {
  const posted = readTryRequest(body);
  const accountId = posted.account.place.id;
  return withAccount(RED, posted.account, {
    sends: true,
    async run(account) {
      const { request, drafts } = await readSample(RED, posted, account, signal);
      let sent: DryRun | undefined;
      const onPrepared = (prepared: DryRun): void => void (sent = prepared);
      const onDraft = drafts && posted.tryId !== undefined ? publishDrafts(RED, posted.tryId) : undefined;
      const { stop, ...options } = { ...untilSent(signal), onPrepared, ...defined({ onDraft }) };
      return generateTracked({ RED, account, accountId, stop }, request, options).then(
        (generation) => ({ ...summarize(generation, request.prompt), ...defined({ request: sent }) }),
        (error: unknown) => ({ problem: toProblem(error), ...defined({ request: sent }) }),
      );
    },
  });
}

/**
 * A closed dialog removes its request from the queue. A request under
 * way is paid for anyway, so it continues and is recorded.
 */
function untilSent(signal: AbortSignal): RequestOptions & Pick<Requester, 'stop'> {
  const queue = new AbortController();
  let isWaiting = true;
  const leave = (): void => {
    if (signal.aborted && isWaiting) queue.abort(signal.reason);
  };
  signal.addEventListener('abort', leave);
  leave();
  return {
    signal: queue.signal,
    stop: (reason) => queue.abort(reason),
    onState({ phase }) {
      isWaiting = phase === 'waiting';
      leave();
    },
  };
}

function summarize({ images, durationMs, warnings, cost, currency, model }: Generation, prompt: string): TryResult {
  return {
    images: images.map(({ bytes, mime, width, height, extension }, index) => ({
      id: triedImages.keep({ bytes, mime }),
      mime,
      bytes: bytes.length,
      ...defined({ width, height }),
      filename: nameFile(prompt, { time: Date.now(), index, count: images.length, extension }),
    })),
    durationMs,
    warnings,
    ...defined({ cost, currency, model }),
  };
}

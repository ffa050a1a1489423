import type { RequestOptions } from '../../../src/account/send-request.js';
import { defined } from '../../../src/defined.js';
import type { Generation } from '../../../src/generation.js';
import type { AdminRequest } from './admin-request.js';
import { storedImages } from './send-image.js';
import { toProblem } from './problem.js';
import { readTryRequest } from './read-body.js';
import { readSample } from './read-sample.js';
import { withAccount } from './with-account.js';

/** Makes the images that the node would make for a sample of a message; they are paid for and booked like any others. */
export async function tryRequest({ RED, body, signal }: AdminRequest): Promise<object> {
  const trial = readTryRequest(body);
  return withAccount(RED, trial.account, {
    async run(account) {
      const asked = await readSample(RED, trial, account, signal);
      const request = await account.dryRun(asked, signal);
      return account.generate(asked, untilSent(signal)).then(
        (generation) => ({ ...told(generation), request }),
        (error: unknown) => ({ problem: toProblem(error), request }),
      );
    },
  });
}

/** Who has left gives up a place in the line. What is under way is paid for either way, and is booked as what it cost. */
function untilSent(signal: AbortSignal): RequestOptions {
  const line = new AbortController();
  let isWaiting = true;
  const leave = (): void => {
    if (signal.aborted && isWaiting) line.abort(signal.reason);
  };
  signal.addEventListener('abort', leave);
  leave();
  return {
    signal: line.signal,
    onState({ phase }) {
      isWaiting = phase === 'waiting';
      leave();
    },
  };
}

function told({ images: made, durationMs, warnings, cost, currency, model }: Generation): object {
  return {
    images: made.map(({ bytes, mime, width, height }) => ({
      id: storedImages.keep({ bytes, mime }),
      mime,
      width,
      height,
      bytes: bytes.length,
    })),
    durationMs,
    warnings,
    ...defined({ cost, currency }),
    ...(model !== undefined && { model }),
  };
}

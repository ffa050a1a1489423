import type { Clock } from '../src/clock.js';
import type { Call } from './call.js';
import { whileConnected } from './caller.js';
import { HttpError, simulatedErrors } from './simulated-errors.js';

/** Throws the first simulated error that the request asks for, or waits as long as it asks. */
export async function simulateError(
  request: { key: string; bytes: number; model?: unknown; prompt?: unknown },
  c: Call,
  clock: Clock,
): Promise<void> {
  const { key, bytes, model, prompt } = request;
  const seen = {
    key,
    bytes,
    ...(typeof model === 'string' && { model }),
    ...(typeof prompt === 'string' && { prompt }),
  };
  const found = simulatedErrors.find(({ applies }) => applies(seen));
  if (found?.refusal) throw new HttpError(found.refusal);
  if (found?.delay !== undefined) await clock.sleep(found.delay, whileConnected(c));
}

import { defined } from '../../../src/defined.js';
import { type Charged, type ErrorCode, ImageError } from '../../../src/errors.js';
import type { Warning } from '../../../src/generation.js';

/** A failure for a dialog, translated by `key` and `params`, with the English `message` as fallback. */
export interface Problem extends Warning {
  code: ErrorCode;
  charged: Charged;
  /** URLs of images that were generated but could not be downloaded. */
  urls?: string[];
}

/** A failure as a dialog shows it; an unexpected one has a general message. */
export function toProblem(thrown: unknown): Problem {
  const { key, params, message, code, charged, details } = thrown instanceof ImageError ? thrown : unforeseen(thrown);
  return { key, params: { ...params }, message, code, charged, ...defined({ urls: details.urls }) };
}

function unforeseen(thrown: unknown): ImageError {
  return new ImageError('bad_response', 'unforeseen', {
    reason: thrown instanceof Error ? thrown.message : String(thrown),
  });
}

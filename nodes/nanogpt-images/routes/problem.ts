import { readMessage } from '../../../src/error-message.js';
import { defined } from '../../../src/defined.js';
import { ImageError } from '../../../src/errors.js';
import type { Problem } from '../../shared/route-answers.js';

/** A failure as a dialog shows it; an unexpected one has a general message. */
export function toProblem(thrown: unknown): Problem {
  const { key, params, message, code, charged, details } = thrown instanceof ImageError ? thrown : unforeseen(thrown);
  return { key, params: { ...params }, message, code, charged, ...defined({ urls: details.urls }) };
}

function unforeseen(thrown: unknown): ImageError {
  return new ImageError('bad_response', 'unforeseen', {
    reason: readMessage(thrown),
  });
}

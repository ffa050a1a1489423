import { type ErrorCode, ImageError } from '../errors.js';

/** Failures whose messages speak of an image that may have been made. */
const aboutImages = new Set<ErrorCode>(['server_failed', 'timed_out', 'connection_lost']);

/** These requests cost nothing, however they end. */
export function asFree(error: ImageError, what: string): ImageError {
  const details = { ...error.details, charged: 'no' as const };
  return aboutImages.has(error.code)
    ? new ImageError(error.code, 'not_answered', { what }, details)
    : error.with(details);
}

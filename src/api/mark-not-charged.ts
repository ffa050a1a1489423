import { type ErrorCode, ImageError } from '../errors.js';

/** Failures whose messages speak of an image that may have been made. */
const aboutImages = new Set<ErrorCode>(['server_failed', 'timed_out', 'connection_lost']);

/** The failure of a request that costs nothing, however it ends; `what` was asked for. */
export function markNotCharged(error: ImageError, what: string): ImageError {
  const details = { ...error.details, charged: 'no' as const };
  return aboutImages.has(error.code)
    ? new ImageError(error.code, 'not_answered', { what }, details)
    : error.with(details);
}

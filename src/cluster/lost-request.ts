import { ImageError } from '../errors.js';

/** Redis does not know the request, or what belongs to it, any more. */
export function lostRequest(): ImageError {
  return new ImageError('cluster_unavailable', 'cluster_lost', {}, { charged: 'unknown' });
}

/** The time-out of the request has passed without an answer of its worker. */
export function workerLost(): ImageError {
  return new ImageError('connection_lost', 'cluster_worker_lost');
}

/**
 * Someone has stopped the request before it was sent; an earlier attempt may have been charged where that is unsure.
 */
export function stopped({ isUnsure = false } = {}): ImageError {
  return new ImageError('cancelled', 'cancelled', {}, { charged: isUnsure ? 'unknown' : 'no' });
}

/** The same failure of a request that may have been charged. */
export function asUnknown(reason: unknown): unknown {
  return reason instanceof ImageError ? reason.with({ charged: 'unknown' }) : reason;
}

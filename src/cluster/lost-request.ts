import { ImageError } from '../errors.js';

/** Redis does not know the request, or what belongs to it, any more. */
export function lostRequest(): ImageError {
  return new ImageError('cluster_unavailable', 'cluster_lost', {}, { charged: 'unknown' });
}

/** The time-out of the request has passed without an answer of its worker. */
export function workerLost(): ImageError {
  return new ImageError('connection_lost', 'cluster_worker_lost');
}

/** Someone has stopped the request before it was sent. */
export function stopped(): ImageError {
  return new ImageError('cancelled', 'cancelled');
}

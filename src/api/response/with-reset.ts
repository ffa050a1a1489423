import { ImageError } from '../../errors.js';
import { utcMinute } from '../../utc-minute.js';

/** A used-up limit, with when it resets: so many seconds after `now` (in milliseconds since the epoch). */
export function withReset(error: ImageError, retryAfter: number, now: number): ImageError {
  const time = now + retryAfter * 1000;
  if (Math.abs(time) > 8.64e15) return error.with({ retryAfter });
  const params = { ...error.params, time: utcMinute(time) };
  return new ImageError('daily_limit', 'daily_limit_until', params, {
    charged: error.charged,
    ...error.details,
    retryAfter,
  });
}

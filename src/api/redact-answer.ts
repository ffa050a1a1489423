import { type ErrorDetails, ImageError } from '../errors.js';
import type { GeneratedImage, Generation } from '../generation.js';
import { type Redact, redactValue } from '../redact.js';

/** Removes secrets that the service repeated from the result of a generation; image bytes stay as they are. */
export function redactResult<T extends Pick<Generation, 'images'>>({ images, ...rest }: T, redact: Redact): T {
  return Object.assign(redactValue(rest, redact) as T, {
    images: images.map(({ bytes, ...image }) => ({
      bytes,
      ...(redactValue(image, redact) as Omit<GeneratedImage, 'bytes'>),
    })),
  });
}

/** The same of a failure. */
export function redactError(error: unknown, redact: Redact): unknown {
  if (!(error instanceof ImageError)) return error;
  const { params, details } = error;
  return new ImageError(error.code, error.key, redactValue(params, redact) as typeof params, {
    charged: error.charged,
    ...(redactValue({ ...details, cause: undefined }, redact) as ErrorDetails),
    ...(details.cause !== undefined && { cause: redactCause(details.cause, redact) }),
  });
}

/** The cause of an error, reduced to its name, code and message. */
function redactCause(cause: unknown, redact: Redact): Error {
  const { name, message, code }: NodeJS.ErrnoException = cause instanceof Error ? cause : new Error(String(cause));
  return Object.assign(new Error(redact(message)), { name, code });
}

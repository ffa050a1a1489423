import { ImageError } from '../../errors.js';
import type { Redact } from '../../redact.js';
import type { ResponseHead } from '../http/transport.js';
import { type ImageResponse, isEmpty, readResultInfo } from './image-response.js';
import { readReason } from './to-failure.js';

/** An answer without an image, and what reading its words needs. */
export interface Loss {
  answer: ImageResponse;
  /** The error that it holds, where it holds one. */
  inside: ImageError | undefined;
  redact: Redact;
  now: number;
}

/** Why an answer gave no image, with all that it says of the money; `error` is what its entries say. */
export function explainLoss(error: unknown, head: ResponseHead, loss: Loss): unknown {
  const { answer, inside } = loss;
  const failure = answer.entries.every(isEmpty) ? (inside ?? failureWithout(error, head, loss)) : error;
  if (!(failure instanceof ImageError)) return failure;
  const { requestId, cost, paymentSource } = readResultInfo(answer, head);
  const charged = failure.charged === 'no' && cost !== undefined && cost > 0 ? 'unknown' : failure.charged;
  return failure.with({
    charged,
    status: head.status,
    ...(requestId !== undefined && { requestId }),
    ...(cost !== undefined && { cost }),
    ...(paymentSource !== undefined && { paymentSource }),
  });
}

/**
 * Why a response without an error holds no image: a job that has only begun, else what its entries or its words say.
 */
function failureWithout(error: unknown, head: ResponseHead, { answer: { jobId, body }, redact, now }: Loss): unknown {
  if (jobId !== undefined) return new ImageError('bad_response', 'job_begun', { jobId }, { jobId });
  const saysNothing = error instanceof ImageError && ['no_images', 'empty_entry'].includes(error.key);
  return saysNothing ? (readReason(head, body, redact, now) ?? error) : error;
}

import { ImageError } from '../../errors.js';
import type { ResponseHead } from '../http/transport.js';
import { type ImageResponse, isEmpty, readResultInfo } from './image-response.js';

/** Why an answer gave no image, with all that it says of the money; `inside` is the error that it holds, where it holds one. */
export function explainLoss(
  error: unknown,
  head: ResponseHead,
  { answer, inside }: { answer: ImageResponse; inside: ImageError | undefined },
): unknown {
  const failure = answer.entries.every(isEmpty) ? (failureWithout(answer, inside) ?? error) : error;
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

/** The reason why a response holds no image, where it is known. */
function failureWithout({ jobId }: ImageResponse, inside: ImageError | undefined): ImageError | undefined {
  return (
    inside ?? (jobId === undefined ? undefined : new ImageError('bad_response', 'job_begun', { jobId }, { jobId }))
  );
}

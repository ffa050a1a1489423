import type { Charged, ErrorCode } from '../types/index.js';
import { type MessageKey, messages } from './messages.js';

export type { Charged, ErrorCode };

/** Whether each code was charged, unless the place that raises it knows better. */
export const usuallyCharged: Record<ErrorCode, Charged> = {
  not_configured: 'no',
  invalid_input: 'no',
  too_large: 'no',
  blocked_address: 'no',
  unauthorized: 'no',
  insufficient_balance: 'no',
  budget_exceeded: 'no',
  model_not_found: 'no',
  rejected: 'no',
  moderated: 'no',
  rate_limited: 'no',
  daily_limit: 'no',
  queue_full: 'no',
  cluster_unavailable: 'no',
  unreachable: 'no',
  timed_out: 'unknown',
  connection_lost: 'unknown',
  server_failed: 'unknown',
  bad_response: 'unknown',
  download_failed: 'yes',
  cancelled: 'no',
};

/** Transient failures: the same request may succeed later. */
const transient = new Set<ErrorCode>([
  'rate_limited',
  'queue_full',
  'cluster_unavailable',
  'unreachable',
  'timed_out',
  'connection_lost',
  'server_failed',
  'download_failed',
]);

/** What else is known of a failure. */
export interface ErrorDetails {
  /** Where it differs from what the code usually means. */
  charged?: Charged;
  /** The account allows paying twice, so a transient failure of unknown outcome may be retried too. */
  mayPayTwice?: boolean;
  /** HTTP status of the answer. */
  status?: number;
  /** Seconds the service asks to wait. */
  retryAfter?: number;
  requestId?: string;
  /** What the failed answer said about its cost. */
  cost?: number;
  paymentSource?: string;
  /** Addresses of images that were paid for but could not be fetched. */
  urls?: string[];
  /** The id of the job that may still make the images. */
  jobId?: string;
  /** The underlying error, of which only name, code and message are kept. */
  cause?: unknown;
}

/**
 * A failure as a flow sees it: a code to switch on, whether it was charged, and a message for a person. `key` and
 * `params` translate the English message. Never holds a prompt, an image or a key.
 */
export class ImageError extends Error {
  readonly code: ErrorCode;
  readonly key: MessageKey;
  readonly params: Readonly<Record<string, string | number>>;
  readonly charged: Charged;
  /** Whether the same request may be sent again without paying twice, and may then succeed. */
  readonly retryable: boolean;
  readonly details: ErrorDetails;

  constructor(
    code: ErrorCode,
    key: MessageKey,
    params: Record<string, string | number> = {},
    details: ErrorDetails = {},
  ) {
    super(fill(messages[key], params), details.cause === undefined ? undefined : { cause: plainCause(details.cause) });
    this.name = 'ImageError';
    this.code = code;
    this.key = key;
    this.params = params;
    this.charged = details.charged ?? usuallyCharged[code];
    const isSafe = this.charged === 'no' || (this.charged === 'unknown' && details.mayPayTwice === true);
    this.retryable = isSafe && transient.has(code);
    this.details = details;
  }

  /** The same failure with more known about it. */
  with(details: ErrorDetails): ImageError {
    return new ImageError(this.code, this.key, this.params, { charged: this.charged, ...this.details, ...details });
  }

  /** Node-RED's Catch node shows an error by its `toString()`. */
  override toString(): string {
    return this.message;
  }
}

/** The English message with its `{{names}}` replaced. */
export function fill(message: string, params: Readonly<Record<string, string | number>>): string {
  return message.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(params[name] ?? ''));
}

/** What may be shown of an underlying error: never the object itself, which may hold headers and keys. */
function plainCause(cause: unknown): { name: string; code?: string; message: string } {
  if (!(cause instanceof Error)) return { name: 'Error', message: String(cause) };
  const { code } = cause as NodeJS.ErrnoException;
  return { name: cause.name, ...(typeof code === 'string' && { code }), message: cause.message };
}

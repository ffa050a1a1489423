/** The contract of the nodes: what their messages hold, for authors of function nodes and for TypeScript. */

/** Whether a failed request was charged. Only what certainly was not (`no`) is retried by default. */
export type Charged = 'no' | 'unknown' | 'yes';

/** Every way a request can fail; the README says when. */
export type ErrorCode =
  | 'not_configured'
  | 'invalid_input'
  | 'too_large'
  | 'blocked_address'
  | 'unauthorized'
  | 'insufficient_balance'
  | 'budget_exceeded'
  | 'model_not_found'
  | 'rejected'
  | 'moderated'
  | 'rate_limited'
  | 'daily_limit'
  | 'queue_full'
  | 'cluster_unavailable'
  | 'unreachable'
  | 'timed_out'
  | 'connection_lost'
  | 'server_failed'
  | 'bad_response'
  | 'download_failed'
  | 'cancelled';

/** `msg.failure`, behind a Catch node. */
export interface Failure {
  code: ErrorCode;
  charged: Charged;
  /** Whether the same request may be sent again: it may then succeed, and is not paid twice unless the account allows it. */
  retryable: boolean;
  /** What to do, in the language of the server. */
  hint: string;
  /** HTTP status. */
  status?: number;
  /** Seconds to wait before the next try. */
  retryAfter?: number;
  /** The service's name for the request. */
  requestId?: string;
  /** Addresses of images that were paid for and could not be fetched. */
  urls?: string[];
  /** The id of the job that may still make the images, where the service only said that it has begun. */
  jobId?: string;
}

/** `msg.imageInfo`: one image. */
export interface ImageInfo {
  mime: string;
  /** Without the dot. */
  extension: string;
  /** In pixels, as read from the image. */
  width?: number;
  height?: number;
  /** Size of the file. */
  bytes: number;
  /** Position among the images of the request, from 0. */
  index: number;
  /** Images of the request. */
  count: number;
  /** A name to save it under. */
  filename: string;
  /** This image's share of the cost of the request. */
  cost?: number;
  /** The address it was fetched from, and until when that works (ISO 8601). */
  url?: string;
  expires?: string;
  /** The prompt that the service made of yours. */
  revisedPrompt?: string;
}

/**
 * What a request makes an image from: text, another image, or another
 * image inside a mask. A model's abilities use the same words.
 */
export type Mode = 'text-to-image' | 'image-to-image' | 'inpainting';

/** `msg.generation`: one request. What the service did not say is absent. */
export interface Generation {
  model?: string;
  prompt: string;
  /** Images asked for. */
  count: number;
  /** Images in the answer, usable or not. */
  received: number;
  size?: string;
  seed?: number;
  mode: Mode;
  service: 'nanogpt' | 'openai' | 'compatible' | 'sandbox';
  /** Of the whole request, in `currency`. */
  cost?: number;
  currency?: string;
  paymentSource?: string;
  remainingBalance?: number;
  usage?: unknown;
  requestId?: string;
  /** It comes from the history and costs nothing. */
  reused?: true;
  /** Requests sent until one succeeded. */
  attempts: number;
  durationMs: number;
  /** What went differently than asked, in the language of the server. */
  warnings: string[];
}

/** A message that leaves the image node; everything else in it is as it came in. */
export interface ImageMessage {
  /** The image as Buffer, data URL or Base64 text; an array with "one message with all images". */
  payload: Buffer | string | (Buffer | string)[];
  /** An array with "one message with all images". */
  imageInfo: ImageInfo | ImageInfo[];
  generation: Generation;
  /** With several images, one message each: as after a Split node. */
  parts?: { id: string; type: 'array'; len: 1; index: number; count: number; parts?: unknown };
  [property: string]: unknown;
}

/** How much of a subscription is used and left in one period. What the service did not say is absent. */
export interface Allowance {
  used?: number;
  remaining?: number;
  limit?: number;
  /** When it begins again (ISO 8601). */
  resets?: string;
}

/** `msg.payload` of an image info node that asks for the subscription. */
export interface Subscription {
  /** Whether it covers requests now. */
  active: boolean;
  /** `active`, `grace` (unpaid, still running) or `inactive`. */
  state: string;
  /** When the paid period ends (ISO 8601). */
  ends?: string;
  /** Requests a day and a month. */
  daily?: Allowance;
  monthly?: Allowance;
  /** Images of the models that are included. */
  dailyImages?: Allowance;
}

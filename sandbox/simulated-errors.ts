/** An answer other than an image, in one of the error shapes of the real service. */
export interface HttpErrorBody {
  status: 400 | 401 | 402 | 403 | 404 | 413 | 429 | 500;
  body: Record<string, unknown> | string;
  headers?: Record<string, string>;
}

/** An error that a request can ask for, so that a flow's error handling can be tried. */
export interface SimulatedError {
  /** What to put where, for a person. */
  cause: string;
  /** What happens then, for a person. */
  effect: string;
  applies(request: { key?: string; model?: string; prompt?: string; bytes: number }): boolean;
  /** None where the answer is an image that takes its time. */
  refusal?: HttpErrorBody;
  /** Milliseconds before the answer. */
  delay?: number;
}

/** Largest request body, in bytes: the gateway of the real service refuses what is over it. */
export const largestBody = 4_000_000;

/** Every error that can be simulated; the README shows the same table. The first that applies counts. */
export const simulatedErrors: readonly SimulatedError[] = [
  {
    cause: `a request body over ${largestBody.toLocaleString('en-US')} bytes`,
    effect: '413, as HTML from a gateway',
    applies: ({ bytes }) => bytes > largestBody,
    refusal: {
      status: 413,
      body: '<html>\n<head><title>413 Request Entity Too Large</title></head>\n<body><center><h1>413 Request Entity Too Large</h1></center></body>\n</html>\n',
      headers: { 'content-type': 'text/html' },
    },
  },
  {
    cause: 'the key `invalid`',
    effect: '401 `invalid_api_key`',
    applies: ({ key }) => key === 'invalid',
    refusal: {
      status: 401,
      body: {
        error: { message: 'Invalid API key', type: 'authentication_error', param: null, code: 'invalid_api_key' },
      },
    },
  },
  {
    cause: 'the model `sandbox/402`',
    effect: '402, the balance is too low',
    applies: ({ model }) => model === 'sandbox/402',
    refusal: { status: 402, body: { error: 'Insufficient balance', requiredBalance: 0.01, status: 402 } },
  },
  {
    cause: 'the model `sandbox/404`',
    effect: '404 `model_not_found`',
    applies: ({ model }) => model === 'sandbox/404',
    refusal: {
      status: 404,
      body: {
        error: {
          message: 'Model sandbox/404 was not found',
          type: 'invalid_request_error',
          param: 'model',
          code: 'model_not_found',
        },
      },
    },
  },
  {
    cause: 'the model `sandbox/429`',
    effect: '429 with `Retry-After: 1`, every time',
    applies: ({ model }) => model === 'sandbox/429',
    refusal: {
      status: 429,
      body: { code: 'rate_limited', message: 'Rate limit exceeded' },
      headers: { 'retry-after': '1' },
    },
  },
  {
    cause: 'the model `sandbox/500`',
    effect: '500, so that it is unknown whether it was charged',
    applies: ({ model }) => model === 'sandbox/500',
    refusal: {
      status: 500,
      body: { error: { message: 'Internal server error', type: 'server_error', param: null, code: 'internal_error' } },
    },
  },
  {
    cause: 'the word `forbidden` in the prompt',
    effect: '400 `content_policy_violation`',
    applies: ({ prompt }) => /\bforbidden\b/i.test(prompt ?? ''),
    refusal: {
      status: 400,
      body: {
        error: {
          message: 'Your request was blocked by content moderation.',
          type: 'invalid_request_error',
          code: 'content_policy_violation',
        },
        moderation: {},
      },
    },
  },
  {
    cause: 'the model `sandbox/slow`',
    effect: 'an image after 10 seconds',
    applies: ({ model }) => model === 'sandbox/slow',
    delay: 10_000,
  },
];

/** The 400 of a request with a wrong or missing parameter. */
export function invalid(message: string, param: string, code = 'invalid_parameter'): HttpErrorBody {
  return { status: 400, body: { error: { message, type: 'invalid_request_error', param, code } } };
}

/** Thrown where a request cannot be served; the routes answer with it. */
export class HttpError extends Error {
  constructor(readonly refusal: HttpErrorBody) {
    super(`Refused with ${refusal.status}`);
  }
}

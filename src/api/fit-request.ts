import type { GenerationRequest } from '../generation.js';
import { type FittedImages, fitImages } from '../image/fit-images.js';
import type { InputImages } from '../image/size-budget.js';
import type { Dialect } from './dialects/dialect.js';
import { applyLimits, checkInputs } from './models/apply-limits.js';
import type { InputLimits } from './models/input-limits.js';

/**
 * Images that can be sent, what was done to them, and whether they go
 * as a form though the account sends images as JSON.
 */
export type FittedRequest = FittedImages & Pick<GenerationRequest, 'asForm'>;

/** What a request is fitted to. */
export interface FitRequestOptions {
  dialect: Dialect;
  /** What the model takes, as far as it is known. */
  limits: InputLimits;
  signal: AbortSignal;
}

/**
 * The images of a request as service and model take them.
 *
 * @throws ImageError `too_large` or `invalid_input` where they cannot be made so.
 */
export async function fitRequest(
  request: GenerationRequest,
  { dialect, limits, signal }: FitRequestOptions,
): Promise<FittedRequest> {
  const { images, mask } = request;
  checkInputs(request, limits);
  if (images.length === 0 && !mask) return { images, warnings: [] };
  const form = isTooLargeForJson(request, dialect, limits) ? { asForm: true as const } : {};
  const { images: rules, prepare } = dialectFor(dialect, form);
  const measure = (images: InputImages): number => prepare({ ...request, ...images }).body.length;
  const options = { rules: applyLimits(rules, limits), measure, signal };
  return { ...(await fitImages({ images, ...(mask && { mask }) }, options)), ...form };
}

/** The dialect that a fitted request is sent in. */
export function dialectFor(dialect: Dialect, { asForm }: Pick<GenerationRequest, 'asForm'>): Dialect {
  return (asForm && dialect.largeImages) ?? dialect;
}

/** Whether the images are over the limit of a JSON request, and the model takes larger ones. */
function isTooLargeForJson(request: GenerationRequest, dialect: Dialect, { bytes = 0 }: InputLimits): boolean {
  const { body = Infinity } = dialect.images;
  return dialect.largeImages !== undefined && bytes > body && dialect.prepare(request).body.length > body;
}

import type { Dialect } from './dialects/dialect.js';
import type { GenerationRequest } from '../generation.js';

/**
 * The request for an answer in events, with partial images before each image (OpenAI API reference: image streaming);
 * unchanged where the service sends none.
 */
export function withDrafts(request: GenerationRequest, { streams }: Pick<Dialect, 'streams'>): GenerationRequest {
  return streams ? { ...request, extra: { ...request.extra, stream: true, partial_images: 2 } } : request;
}

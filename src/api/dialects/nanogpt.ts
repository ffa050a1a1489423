import { limits } from '../../limits.js';
import type { GenerationRequest } from '../../generation.js';
import { type SummarizedBody, jsonBody } from '../http/body.js';
import type { Dialect } from './dialect.js';

/** NanoGPT (NanoGPT docs: image generation, image models). */
export const nanogpt: Dialect = {
  addressStyle: 'host',
  baseUrl: 'https://nano-gpt.com',
  needsKey: true,
  images: { formats: ['image/png', 'image/jpeg', 'image/webp', 'image/gif'], body: limits.nanogptBody, mask: 'white' },
  defaultModel: 'hidream',
  listsOpenly: true,
  models: '/api/v1/image-models?detailed=true',
  balance: '/api/check-balance',
  prepare: (request) => ({ path: '/v1/images/generations', body: jsonRequest(request), warnings: [] }),
};

/** The built-in service: NanoGPT's words, models of its own. */
export const sandbox: Dialect = { ...nanogpt, defaultModel: 'sandbox/painter' };

/** All fields of a request as JSON, its images as data URLs under NanoGPT's names. */
export function jsonRequest({ images, mask, extra, ...fields }: GenerationRequest): SummarizedBody {
  return jsonBody(
    { ...extra, ...fields },
    {
      ...(images.length === 1 && { imageDataUrl: images[0]! }),
      ...(images.length > 1 && { imageDataUrls: images }),
      ...(mask && { maskDataUrl: mask }),
    },
  );
}

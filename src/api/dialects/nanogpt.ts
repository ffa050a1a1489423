import { limits } from '../../limits.js';
import type { GenerationRequest } from '../../generation.js';
import { type FormFile, type JsonImages, type SummarizedBody, jsonBody, multipartBody } from '../http/body.js';
import type { Dialect, Prepared } from './dialect.js';

/** NanoGPT (NanoGPT docs: image generation, image models). */
export const nanogpt: Dialect = {
  addressStyle: 'host',
  baseUrl: 'https://nano-gpt.com',
  needsKey: true,
  images: { formats: ['image/png', 'image/jpeg', 'image/webp', 'image/gif'], body: limits.nanogptBody, mask: 'white' },
  defaultModel: 'hidream',
  listsOpenly: true,
  protectsImages: false,
  mayIgnoreImages: false,
  streams: false,
  models: '/api/v1/image-models?detailed=true',
  typedModels: '/api/v1/images/models',
  includedModels: '/api/subscription/v1/image-models',
  balance: '/api/check-balance',
  subscription: '/api/subscription/v1/usage',
  login: '/api/cli-login',
  prepare: (request) => ({
    path: '/v1/images/generations',
    body: jsonRequest(request),
    limit: limits.nanogptBody,
    warnings: [],
  }),
};

/**
 * NanoGPT with input images as a form (NanoGPT docs: image edits), which takes more than the 4 MB of the JSON route.
 */
export const nanogptForm: Dialect = {
  ...nanogpt,
  images: { formats: ['image/png', 'image/jpeg', 'image/webp'], body: limits.nanogptForm, mask: 'white' },
  prepare: (request) =>
    request.images.length > 0
      ? { ...formRequest(request, '/api/v1/images/edits'), limit: limits.nanogptForm }
      : nanogpt.prepare(request),
};

/** NanoGPT as its documentation has it: images in JSON, and as a form where the model takes more than JSON does. */
export const nanogptOwn: Dialect = { ...nanogpt, largeImages: nanogptForm };

/** The built-in service: NanoGPT's API with its own models. */
export const sandbox: Dialect = { ...nanogpt, defaultModel: 'sandbox/painter' };

/** All fields of a request as JSON, its images as data URLs under NanoGPT's names. */
export function jsonRequest({ prompt, images, mask, extra, asForm: _, ...fields }: GenerationRequest): SummarizedBody {
  return jsonBody({ prompt, ...extra, ...fields }, jsonImages({ images, ...(mask && { mask }) }));
}

/** The images of a request under NanoGPT's names. */
export function jsonImages({ images, mask }: Pick<GenerationRequest, 'images' | 'mask'>): JsonImages {
  return {
    ...(images.length === 1 && { imageDataUrl: images[0]! }),
    ...(images.length > 1 && { imageDataUrls: images }),
    ...(mask && { maskDataUrl: mask }),
  };
}

/**
 * A request with images as a form: one as `image`, several as `image[]`
 * (OpenAI API reference: create image edit; its clients).
 */
export function formRequest(
  { images, mask, extra, asForm: _, ...fields }: GenerationRequest,
  path = '/images/edits',
): Prepared {
  const name = images.length === 1 ? 'image' : 'image[]';
  const files: FormFile[] = [
    ...images.map((image): FormFile => [name, image]),
    ...(mask ? [['mask', mask] as FormFile] : []),
  ];
  return { path, body: multipartBody({ ...extra, ...fields }, files), warnings: [] };
}

import { limits } from '../../limits.js';
import { jsonBody } from '../body.js';
import type { Dialect } from '../dialect.js';

/** NanoGPT and the built-in service (NanoGPT docs: image generation). Pictures are data URLs in JSON; white in a mask = change. */
export const nanogpt: Dialect = {
  addressStyle: 'host',
  baseUrl: 'https://nano-gpt.com',
  needsKey: true,
  bodyLimit: limits.nanogptBody,
  models: '/api/v1/image-models?detailed=true',
  balance: '/api/check-balance',
  prepare: ({ images, mask, extra, ...fields }) => ({
    path: '/v1/images/generations',
    body: jsonBody(
      { ...extra, ...fields },
      {
        ...(images.length === 1 && { imageDataUrl: images[0]! }),
        ...(images.length > 1 && { imageDataUrls: images }),
        ...(mask && { maskDataUrl: mask }),
      },
    ),
    warnings: [],
  }),
};

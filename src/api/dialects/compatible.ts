import { jsonBody } from '../http/body.js';
import type { Dialect } from './dialect.js';
import { formRequest, jsonImages, jsonRequest } from './nanogpt.js';

/** Any server with OpenAI's routes that takes images as OpenAI does: as a form to `/images/edits`. */
export const compatibleForm: Dialect = {
  addressStyle: 'version',
  needsKey: false,
  images: { formats: ['image/png', 'image/jpeg', 'image/webp'], mask: 'transparent' },
  defaultModel: '',
  listsOpenly: false,
  protectsImages: true,
  mayIgnoreImages: false,
  streams: true,
  models: '/models',
  prepare: (request) =>
    request.images.length > 0
      ? formRequest(request)
      : { path: '/images/generations', body: jsonRequest(request), warnings: [] },
};

/** Any such server that takes images in JSON: as data URLs like NanoGPT, or as bare base64 like LocalAI. */
export const compatibleJson: Dialect = {
  ...compatibleForm,
  images: { formats: ['image/png', 'image/jpeg', 'image/webp', 'image/gif'], mask: 'white' },
  mayIgnoreImages: true,
  prepare({ images, mask, extra, ...fields }) {
    const localAi = images.length > 0 && { ref_images: { base64: images } };
    const body = jsonBody({ ...extra, ...fields }, { ...jsonImages({ images, ...(mask && { mask }) }), ...localAi });
    return { path: '/images/generations', body, warnings: [] };
  },
};

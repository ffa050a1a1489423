import type { GenerationRequest } from '../../generation.js';
import { type FormFile, multipartBody } from '../http/body.js';
import type { Dialect, Prepared } from './dialect.js';
import { jsonRequest } from './nanogpt.js';

/** Any server with OpenAI's routes below an address of the user's, that takes images as data URLs in JSON, as NanoGPT does. */
export const compatibleJson: Dialect = {
  addressStyle: 'version',
  needsKey: false,
  images: { formats: ['image/png', 'image/jpeg', 'image/webp', 'image/gif'], mask: 'white' },
  defaultModel: '',
  listsOpenly: false,
  models: '/models',
  prepare: (request) => ({ path: '/images/generations', body: jsonRequest(request), warnings: [] }),
};

/** Any server that takes images as OpenAI does: as a form to `/images/edits`. */
export const compatibleForm: Dialect = {
  ...compatibleJson,
  images: { formats: ['image/png', 'image/jpeg', 'image/webp'], mask: 'transparent' },
  prepare: (request) => (request.images.length > 0 ? formRequest(request) : compatibleJson.prepare(request)),
};

/** A request with images as a form (OpenAI API reference: create image edit). */
export function formRequest({ images, mask, extra, ...fields }: GenerationRequest): Prepared {
  const files: FormFile[] = [
    ...images.map((image): FormFile => ['image[]', image]),
    ...(mask ? [['mask', mask] as FormFile] : []),
  ];
  return { path: '/images/edits', body: multipartBody({ ...extra, ...fields }, files), warnings: [] };
}

import { ImageError } from '../../errors.js';
import type { Dialect } from '../dialect.js';
import { compatible } from './compatible.js';

/** OpenAI's own service: text to image only (OpenAI API reference: images). Its gpt-image models refuse `response_format`. */
export const openai: Dialect = {
  ...compatible,
  baseUrl: 'https://api.openai.com',
  needsKey: true,
  prepare(request) {
    if (request.images.length > 0) throw new ImageError('invalid_input', 'no_pictures_to_service');
    if (!/^gpt-image/.test(request.model ?? '')) return compatible.prepare(request);
    const { response_format: _, ...rest } = request;
    return compatible.prepare(rest);
  },
};

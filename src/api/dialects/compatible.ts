import type { Dialect } from '../dialect.js';
import { nanogpt } from './nanogpt.js';

/** Any server with OpenAI's route below an address of the user's; pictures go as data URLs in JSON, as NanoGPT takes them. */
export const compatible: Dialect = {
  addressStyle: 'version',
  needsKey: false,
  models: '/models',
  prepare: (request) => ({ ...nanogpt.prepare(request), path: '/images/generations' }),
};

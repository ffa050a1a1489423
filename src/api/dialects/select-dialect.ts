import { compatibleForm, compatibleJson } from './compatible.js';
import type { Service } from '../services.js';
import type { Dialect, Edits } from './dialect.js';
import { nanogpt, nanogptForm, nanogptOwn, sandbox } from './nanogpt.js';
import { openai } from './openai.js';

/**
 * The dialect of a service. Where the user has not chosen how images are sent, it follows the service's documentation.
 */
export function selectDialect(service: Service, edits: Edits): Dialect {
  if (service === 'compatible') return edits === 'json' ? compatibleJson : compatibleForm;
  if (service === 'nanogpt') return { '': nanogptOwn, json: nanogpt, multipart: nanogptForm }[edits];
  return { openai, sandbox }[service];
}

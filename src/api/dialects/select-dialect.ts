import { compatibleForm, compatibleJson } from './compatible.js';
import type { Dialect, Edits, Service } from './dialect.js';
import { nanogpt, sandbox } from './nanogpt.js';
import { openai } from './openai.js';

/** The dialect of a service. */
export function selectDialect(service: Service, edits: Edits): Dialect {
  if (service === 'compatible') return edits === 'multipart' ? compatibleForm : compatibleJson;
  return { nanogpt, openai, sandbox }[service];
}
